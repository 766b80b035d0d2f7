//! OFD.xml and Document.xml (7.4, 7.5) and the lists that hang on it.

use crate::{
    Attachment, Bookmark, CustomTag, Destination, DocInfo, Document, Error, Extension, Limits, Order, OutlineItem, Package, PageRef, Result,
    model::TemplateRef, xml::Element,
};

use super::{resources, with_root};

/// Name of the entry part (7.1).
pub(crate) const ENTRY: &str = "/OFD.xml";

/// One DocBody of OFD.xml.
pub(crate) struct Body {
    pub info: DocInfo,
    pub root: String,
    pub signatures: Option<String>,
}

/// The DocBody list; paths resolved, a signature list that is missing is still named.
pub(crate) fn bodies(package: &Package) -> Result<Vec<Body>> {
    with_root(package, ENTRY, |ofd| {
        if ofd.name() != "OFD" {
            return Err(ofd.fault("根元素不是 OFD".into()));
        }
        let mut bodies = Vec::new();
        for body in ofd.all("DocBody") {
            let root = body.need("DocRoot")?.text();
            let signatures = body.child_text("Signatures").map(|path| package.resolve(ENTRY, &path).or_else(|_| crate::package::join(ENTRY, &path)));
            bodies.push(Body {
                info: body.child("DocInfo").map(info).unwrap_or_default(),
                root: package.resolve(ENTRY, &root)?,
                signatures: signatures.transpose()?,
            });
        }
        if bodies.is_empty() { Err(ofd.fault("没有文档".into())) } else { Ok(bodies) }
    })
}

fn info(element: Element<'_>) -> DocInfo {
    let text = |name| element.child_text(name).unwrap_or_default();
    let list = |name, item| element.child(name).into_iter().flat_map(move |list| list.all(item));
    DocInfo {
        doc_id: text("DocID"),
        title: text("Title"),
        author: text("Author"),
        subject: text("Subject"),
        summary: text("Abstract"),
        creation_date: text("CreationDate"),
        modified_date: text("ModDate"),
        creator: text("Creator"),
        creator_version: text("CreatorVersion"),
        keywords: list("Keywords", "Keyword").map(|word| word.text()).collect(),
        custom: list("CustomDatas", "CustomData").map(|data| (data.text_attribute("Name"), data.text())).collect(),
    }
}

pub(crate) fn read(package: &Package, body: Body) -> Result<Document> {
    let root = body.root;
    with_root(package, &root, |element| {
        let mut document = Document { root: root.clone(), info: body.info, signatures: body.signatures, ..Document::default() };
        if let Some(common) = element.child("CommonData") {
            common_data(package, common, &mut document)?;
        }
        for page in element.child("Pages").into_iter().flat_map(|pages| pages.all("Page")) {
            let (id, path) = reference(package, page, "BaseLoc")?;
            document.pages.push(PageRef { id, path });
        }
        lists(package, element, &mut document)?;
        Ok(document)
    })
}

fn common_data(package: &Package, common: Element<'_>, document: &mut Document) -> Result<()> {
    document.max_id = common.child_text("MaxUnitID").and_then(|text| text.parse().ok()).unwrap_or(0);
    if let Some(area) = common.child("PageArea").and_then(|area| area.child_text("PhysicalBox")) {
        document.page_area = common.rect("PhysicalBox", &area)?;
    }
    for resource in common.all("PublicRes").chain(common.all("DocumentRes")) {
        let loaded = package.resolve(common.part, &resource.text()).and_then(|path| resources::file(package, &path, &mut document.resources));
        tolerate(document, loaded)?;
    }
    for template in common.all("TemplatePage") {
        match reference(package, template, "BaseLoc") {
            Ok((id, path)) => {
                let order = template.attribute("ZOrder").map_or(Order::Background, order);
                document.templates.insert(id, TemplateRef { path, name: template.text_attribute("Name"), order });
            }
            Err(error) => tolerate(document, Err(error))?,
        }
    }
    Ok(())
}

/// The parts a document can be read without.
fn lists(package: &Package, element: Element<'_>, document: &mut Document) -> Result<()> {
    for (name, read) in [
        ("Annotations", annotations as fn(&Package, &str, &mut Document) -> Result<()>),
        ("Attachments", attachments),
        ("CustomTags", custom_tags),
        ("Extensions", extensions),
    ] {
        if let Some(path) = element.child_text(name) {
            let read = package.resolve(element.part, &path).and_then(|path| read(package, &path, document));
            tolerate(document, read)?;
        }
    }
    for bookmark in element.child("Bookmarks").into_iter().flat_map(|list| list.all("Bookmark")) {
        document.bookmarks.push(Bookmark { name: bookmark.text_attribute("Name"), destination: bookmark.child("Dest").and_then(destination) });
    }
    if let Some(outlines) = element.child("Outlines") {
        document.outline = outline(outlines, package.limits(), 0)?;
    }
    Ok(())
}

/// Keeps an error as a warning, unless it says that the file is hostile.
fn tolerate(document: &mut Document, outcome: Result<()>) -> Result<()> {
    match outcome {
        Err(error @ (Error::Limit(_) | Error::Name(_))) => Err(error),
        Err(error) => {
            document.warnings.push(error.to_string());
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}

fn reference(package: &Package, element: Element<'_>, attribute: &str) -> Result<(u32, String)> {
    let id = element.id("ID")?.ok_or_else(|| element.fault(format!("{} 缺少 ID", element.name())))?;
    let path = element.attribute(attribute).ok_or_else(|| element.fault(format!("{} 缺少 {attribute}", element.name())))?;
    Ok((id, package.resolve(element.part, path)?))
}

pub(super) fn order(text: &str) -> Order {
    match text {
        "Foreground" => Order::Foreground,
        "Body" => Order::Body,
        _ => Order::Background,
    }
}

fn annotations(package: &Package, path: &str, document: &mut Document) -> Result<()> {
    with_root(package, path, |root| {
        for page in root.all("Page") {
            let (Some(id), Some(file)) = (page.id("PageID")?, page.child_text("FileLoc")) else { continue };
            match package.resolve(path, &file) {
                Ok(file) => document.annotations.push((id, file)),
                Err(error) => tolerate(document, Err(error))?,
            }
        }
        Ok(())
    })
}

fn attachments(package: &Package, path: &str, document: &mut Document) -> Result<()> {
    with_root(package, path, |root| {
        for item in root.all("Attachment") {
            let Some(file) = item.child_text("FileLoc") else { continue };
            match package.resolve(path, &file) {
                Ok(file) => document.attachments.push(Attachment {
                    id: item.text_attribute("ID"),
                    name: item.text_attribute("Name"),
                    format: item.text_attribute("Format"),
                    creation_date: item.text_attribute("CreationDate"),
                    usage: item.text_attribute("Usage"),
                    visible: item.flag("Visible").unwrap_or(true),
                    path: file,
                }),
                Err(error) => tolerate(document, Err(error))?,
            }
        }
        Ok(())
    })
}

fn custom_tags(package: &Package, path: &str, document: &mut Document) -> Result<()> {
    with_root(package, path, |root| {
        for tag in root.all("CustomTag") {
            let Some(file) = tag.child_text("FileLoc") else { continue };
            let type_id = tag.attribute("TypeID").or_else(|| tag.attribute("NameSpace")).unwrap_or_default().to_owned();
            match package.resolve(path, &file) {
                Ok(path) => document.custom_tags.push(CustomTag { type_id, path }),
                Err(error) => tolerate(document, Err(error))?,
            }
        }
        Ok(())
    })
}

fn extensions(package: &Package, path: &str, document: &mut Document) -> Result<()> {
    with_root(package, path, |root| {
        for item in root.all("Extension") {
            document.extensions.push(Extension {
                app_name: item.text_attribute("AppName"),
                ref_id: item.text_attribute("RefId"),
                properties: item.all("Property").map(|property| (property.text_attribute("Name"), property.text())).collect(),
            });
        }
        Ok(())
    })
}

fn outline(parent: Element<'_>, limits: &Limits, depth: usize) -> Result<Vec<OutlineItem>> {
    if depth > limits.depth {
        return Err(Error::Limit("大纲嵌套深度"));
    }
    let items = parent.all("OutlineElem").map(|item| {
        let target = item.child("Actions").and_then(|actions| actions.node.descendants().find(|node| node.tag_name().name() == "Dest"));
        Ok(OutlineItem {
            title: item.text_attribute("Title"),
            destination: target.and_then(|node| destination(Element { node, part: item.part })),
            children: outline(item, limits, depth + 1)?,
        })
    });
    items.collect()
}

fn destination(element: Element<'_>) -> Option<Destination> {
    let number = |name| element.number(name).ok().flatten();
    Some(Destination { page: element.id("PageID").ok()??, left: number("Left"), top: number("Top"), zoom: number("Zoom") })
}

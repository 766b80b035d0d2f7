//! OFD.xml, Document.xml and the lists, as parts of a package.

use std::collections::BTreeMap;

use crate::{
    Annotation, Document, Error, Page, Result,
    model::{ColorKind, Destination, DocInfo, Order, OutlineItem, Resources},
    package::pack,
};

use super::{Xml, graphic};

/// Absolute path and content.
pub type Part = (String, Vec<u8>);

/// Writes a file of one document. `document` gives the structure and the paths, `pages` and `templates` the contents,
/// `annotations` those of each page by identifier, `files` the bytes of fonts, images, attachments and tags by path.
/// The order of parts, and so the bytes, depend on the arguments only.
///
/// # Errors
/// [`Error::Missing`] for a path without content, [`Error::Name`] for a path used twice.
pub fn write(document: &Document, pages: &[Page], templates: &BTreeMap<u32, Page>, annotations: &[(u32, Vec<Annotation>)], files: &[Part]) -> Result<Vec<u8>> {
    let folder = document.root.rfind('/').map_or("", |at| &document.root[..at]);
    let mut parts: Vec<Part> = vec![("/OFD.xml".into(), entry(document)), (document.root.clone(), root(document, folder))];
    // By custom, what documents could share is public, images are the document's own.
    parts.push((format!("{folder}/PublicRes.xml"), public_resources(&document.resources, folder)));
    if has_own(&document.resources) {
        parts.push((format!("{folder}/DocumentRes.xml"), own_resources(&document.resources, folder)));
    }
    for (reference, page) in document.pages.iter().zip(pages) {
        parts.push((reference.path.clone(), self::page(page)));
    }
    for (id, template) in &document.templates {
        let content = templates.get(id).ok_or_else(|| Error::Missing(template.path.clone()))?;
        parts.push((template.path.clone(), self::page(content)));
    }
    if !document.annotations.is_empty() {
        let mut xml = Xml::root("Annotations");
        for (page, path) in &document.annotations {
            xml.open("Page", &[("PageID", &page.to_string())]);
            xml.text("FileLoc", &[], below(&format!("{folder}/Annots"), path));
            xml.close();
            let content = annotations.iter().find(|(id, _)| id == page).map_or(&[][..], |(_, list)| list);
            parts.push((path.clone(), page_annotations(content)));
        }
        parts.push((format!("{folder}/Annots/Annotations.xml"), xml.finish()));
    }
    if !document.attachments.is_empty() {
        parts.push((format!("{folder}/Attachs/Attachments.xml"), attachments(document, folder, files)));
    }
    if !document.custom_tags.is_empty() {
        let mut xml = Xml::root("CustomTags");
        for tag in &document.custom_tags {
            xml.open("CustomTag", &[("TypeID", &tag.type_id)]);
            xml.text("FileLoc", &[], below(&format!("{folder}/Tags"), &tag.path));
            xml.close();
        }
        parts.push((format!("{folder}/Tags/CustomTags.xml"), xml.finish()));
    }
    if !document.extensions.is_empty() {
        let mut xml = Xml::root("Extensions");
        for extension in &document.extensions {
            xml.open("Extension", &[("AppName", &extension.app_name), ("RefId", &extension.ref_id)]);
            for (name, value) in &extension.properties {
                xml.text("Property", &[("Name", name)], value);
            }
            xml.close();
        }
        parts.push((format!("{folder}/Extensions.xml"), xml.finish()));
    }
    let needed = document.resources.fonts.values().filter_map(|font| font.file.as_ref()).chain(document.resources.media.values().map(|media| &media.path));
    let needed = needed.chain(document.attachments.iter().map(|attachment| &attachment.path)).chain(document.custom_tags.iter().map(|tag| &tag.path));
    for path in needed {
        if !files.iter().any(|(name, _)| name == path) {
            return Err(Error::Missing(path.clone()));
        }
    }
    parts.extend(files.iter().cloned());
    pack(&parts)
}

/// `path` as it is written in a part of `folder`: relative where it lies below, as readers know it.
fn below<'p>(folder: &str, path: &'p str) -> &'p str {
    path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')).unwrap_or(path)
}

fn entry(document: &Document) -> Vec<u8> {
    let mut xml = Xml::root_with("OFD", &[("Version", "1.0"), ("DocType", "OFD")]);
    xml.open("DocBody", &[]);
    info(&mut xml, &document.info);
    xml.text("DocRoot", &[], document.root.trim_start_matches('/'));
    if let Some(list) = &document.signatures {
        xml.text("Signatures", &[], list);
    }
    xml.finish()
}

fn info(xml: &mut Xml, info: &DocInfo) {
    xml.open("DocInfo", &[]);
    xml.text("DocID", &[], &info.doc_id);
    xml.optional("Title", &info.title);
    xml.optional("Author", &info.author);
    xml.optional("Subject", &info.subject);
    xml.optional("Abstract", &info.summary);
    xml.optional("CreationDate", &info.creation_date);
    xml.optional("ModDate", &info.modified_date);
    if !info.keywords.is_empty() {
        xml.open("Keywords", &[]);
        info.keywords.iter().for_each(|word| xml.text("Keyword", &[], word));
        xml.close();
    }
    xml.optional("Creator", &info.creator);
    xml.optional("CreatorVersion", &info.creator_version);
    if !info.custom.is_empty() {
        xml.open("CustomDatas", &[]);
        info.custom.iter().for_each(|(name, value)| xml.text("CustomData", &[("Name", name)], value));
        xml.close();
    }
    xml.close();
}

fn root(document: &Document, folder: &str) -> Vec<u8> {
    let mut xml = Xml::root("Document");
    xml.open("CommonData", &[]);
    xml.text("MaxUnitID", &[], &max_id(document).to_string());
    xml.open("PageArea", &[]);
    xml.text("PhysicalBox", &[], &Xml::rect(&document.page_area));
    xml.close();
    xml.text("PublicRes", &[], "PublicRes.xml");
    if has_own(&document.resources) {
        xml.text("DocumentRes", &[], "DocumentRes.xml");
    }
    for (id, template) in &document.templates {
        let mut attributes = vec![("ID", id.to_string()), ("BaseLoc", below(folder, &template.path).to_owned())];
        if !template.name.is_empty() {
            attributes.push(("Name", template.name.clone()));
        }
        attributes.push(("ZOrder", order(template.order).to_owned()));
        let attributes: Vec<(&str, &str)> = attributes.iter().map(|(name, value)| (*name, value.as_str())).collect();
        xml.empty("TemplatePage", &attributes);
    }
    xml.close();
    xml.open("Pages", &[]);
    for page in &document.pages {
        xml.empty("Page", &[("ID", &page.id.to_string()), ("BaseLoc", below(folder, &page.path))]);
    }
    xml.close();
    if !document.outline.is_empty() {
        xml.open("Outlines", &[]);
        outline(&mut xml, &document.outline);
        xml.close();
    }
    if !document.bookmarks.is_empty() {
        xml.open("Bookmarks", &[]);
        for bookmark in &document.bookmarks {
            xml.open("Bookmark", &[("Name", &bookmark.name)]);
            bookmark.destination.iter().for_each(|target| destination(&mut xml, target));
            xml.close();
        }
        xml.close();
    }
    let lists = [
        ("Annotations", "Annots/Annotations.xml", document.annotations.is_empty()),
        ("CustomTags", "Tags/CustomTags.xml", document.custom_tags.is_empty()),
        ("Attachments", "Attachs/Attachments.xml", document.attachments.is_empty()),
        ("Extensions", "Extensions.xml", document.extensions.is_empty()),
    ];
    for (name, path, empty) in lists {
        if !empty {
            xml.text(name, &[], path);
        }
    }
    xml.finish()
}

/// The document's highest identifier; new objects are numbered from there.
fn max_id(document: &Document) -> u32 {
    let resources = &document.resources;
    let ids = document.pages.iter().map(|page| page.id).chain(document.templates.keys().copied());
    let ids = ids.chain(resources.fonts.keys().copied()).chain(resources.media.keys().copied()).chain(resources.color_spaces.keys().copied());
    let ids = ids.chain(resources.draw_params.keys().copied()).chain(resources.composites.keys().copied());
    ids.max().unwrap_or(0).max(document.max_id)
}

fn order(order: Order) -> &'static str {
    match order {
        Order::Background => "Background",
        Order::Body => "Body",
        Order::Foreground => "Foreground",
    }
}

fn outline(xml: &mut Xml, items: &[OutlineItem]) {
    for item in items {
        xml.open("OutlineElem", &[("Title", &item.title)]);
        if let Some(target) = &item.destination {
            xml.open("Actions", &[]);
            xml.open("Action", &[("Event", "CLICK")]);
            xml.open("Goto", &[]);
            destination(xml, target);
            xml.close();
            xml.close();
            xml.close();
        }
        outline(xml, &item.children);
        xml.close();
    }
}

fn destination(xml: &mut Xml, target: &Destination) {
    let mut attributes = vec![("Type", "XYZ".to_owned()), ("PageID", target.page.to_string())];
    for (name, value) in [("Left", target.left), ("Top", target.top), ("Zoom", target.zoom)] {
        attributes.extend(value.map(|value| (name, value.to_string())));
    }
    let attributes: Vec<(&str, &str)> = attributes.iter().map(|(name, value)| (*name, value.as_str())).collect();
    xml.empty("Dest", &attributes);
}

fn has_own(resources: &Resources) -> bool {
    !resources.media.is_empty() || !resources.composites.is_empty()
}

fn public_resources(resources: &Resources, folder: &str) -> Vec<u8> {
    let mut xml = Xml::root("Res");
    if !resources.color_spaces.is_empty() {
        xml.open("ColorSpaces", &[]);
        for (id, space) in &resources.color_spaces {
            let kind = match space.kind {
                ColorKind::Gray => "GRAY",
                ColorKind::Rgb => "RGB",
                ColorKind::Cmyk => "CMYK",
            };
            xml.open("ColorSpace", &[("ID", &id.to_string()), ("Type", kind), ("BitsPerComponent", &space.bits.to_string())]);
            if !space.palette.is_empty() {
                xml.open("Palette", &[]);
                space.palette.iter().for_each(|entry| xml.text("CV", &[], &Xml::numbers(entry)));
                xml.close();
            }
            xml.close();
        }
        xml.close();
    }
    if !resources.draw_params.is_empty() {
        xml.open("DrawParams", &[]);
        resources.draw_params.iter().for_each(|(id, param)| graphic::draw_param(&mut xml, *id, param));
        xml.close();
    }
    if !resources.fonts.is_empty() {
        xml.open("Fonts", &[]);
        for (id, font) in &resources.fonts {
            let id = id.to_string();
            let mut attributes = vec![("ID", id.as_str()), ("FontName", &font.name)];
            for (name, value) in [("FamilyName", font.family.as_str())] {
                if !value.is_empty() {
                    attributes.push((name, value));
                }
            }
            let flags = [("Bold", font.bold), ("Italic", font.italic), ("Serif", font.serif), ("FixedWidth", font.fixed_width)];
            attributes.extend(flags.into_iter().filter(|(_, set)| *set).map(|(name, _)| (name, "true")));
            xml.open("Font", &attributes);
            xml.optional("FontFile", font.file.as_deref().map(|file| below(folder, file)).unwrap_or_default());
            xml.close();
        }
        xml.close();
    }
    xml.finish()
}

fn own_resources(resources: &Resources, folder: &str) -> Vec<u8> {
    let mut xml = Xml::root("Res");
    if !resources.media.is_empty() {
        xml.open("MultiMedias", &[]);
        for (id, media) in &resources.media {
            xml.open("MultiMedia", &[("ID", &id.to_string()), ("Type", &media.kind), ("Format", &media.format)]);
            xml.text("MediaFile", &[], below(folder, &media.path));
            xml.close();
        }
        xml.close();
    }
    if !resources.composites.is_empty() {
        xml.open("CompositeGraphicUnits", &[]);
        for (id, unit) in &resources.composites {
            xml.open("CompositeGraphicUnit", &[("ID", &id.to_string()), ("Width", &unit.width.to_string()), ("Height", &unit.height.to_string())]);
            xml.open("Content", &[]);
            graphic::list(&mut xml, &unit.content);
            xml.close();
            xml.close();
        }
        xml.close();
    }
    xml.finish()
}

fn page(page: &Page) -> Vec<u8> {
    let mut xml = Xml::root("Page");
    if let Some(area) = &page.area {
        xml.open("Area", &[]);
        xml.text("PhysicalBox", &[], &Xml::rect(area));
        xml.close();
    }
    for (id, place) in &page.templates {
        let id = id.to_string();
        let mut attributes = vec![("TemplateID", id.as_str())];
        attributes.extend(place.map(|place| ("ZOrder", order(place))));
        xml.empty("Template", &attributes);
    }
    xml.open("Content", &[]);
    for layer in &page.layers {
        let (id, param) = (layer.id.map(|id| id.to_string()), layer.draw_param.map(|id| id.to_string()));
        let mut attributes = Vec::new();
        attributes.extend(id.as_deref().map(|id| ("ID", id)));
        attributes.extend(layer.order.map(|place| ("Type", order(place))));
        attributes.extend(param.as_deref().map(|id| ("DrawParam", id)));
        xml.open("Layer", &attributes);
        graphic::list(&mut xml, &layer.content);
        xml.close();
    }
    xml.finish()
}

fn page_annotations(list: &[Annotation]) -> Vec<u8> {
    let mut xml = Xml::root("PageAnnot");
    for annotation in list {
        let id = annotation.id.map(|id| id.to_string());
        let mut attributes = Vec::new();
        attributes.extend(id.as_deref().map(|id| ("ID", id)));
        attributes.extend([("Type", annotation.kind.as_str()), ("Creator", &annotation.creator)]);
        if !annotation.subtype.is_empty() {
            attributes.push(("Subtype", &annotation.subtype));
        }
        if !annotation.visible {
            attributes.push(("Visible", "false"));
        }
        xml.open("Annot", &attributes);
        xml.optional("Remark", &annotation.remark);
        if !annotation.parameters.is_empty() {
            xml.open("Parameters", &[]);
            annotation.parameters.iter().for_each(|(name, value)| xml.text("Parameter", &[("Name", name)], value));
            xml.close();
        }
        xml.open("Appearance", &[("Boundary", &Xml::rect(&annotation.boundary))]);
        graphic::list(&mut xml, &annotation.appearance);
        xml.close();
        xml.close();
    }
    xml.finish()
}

fn attachments(document: &Document, folder: &str, files: &[Part]) -> Vec<u8> {
    let mut xml = Xml::root("Attachments");
    for attachment in &document.attachments {
        // Size is in KB (clause 20).
        let size = files.iter().find(|(path, _)| *path == attachment.path).map_or(0.0, |(_, bytes)| bytes.len() as f64 / 1024.0).to_string();
        let mut attributes = vec![("ID", attachment.id.as_str()), ("Name", &attachment.name), ("Format", &attachment.format)];
        for (name, value) in [("CreationDate", attachment.creation_date.as_str()), ("Size", &size), ("Usage", &attachment.usage)] {
            if !value.is_empty() {
                attributes.push((name, value));
            }
        }
        if !attachment.visible {
            attributes.push(("Visible", "false"));
        }
        xml.open("Attachment", &attributes);
        xml.text("FileLoc", &[], below(&format!("{folder}/Attachs"), &attachment.path));
        xml.close();
    }
    xml.finish()
}

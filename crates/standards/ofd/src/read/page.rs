//! Content.xml of pages and templates (7.7), and annotation files (15).

use crate::{Annotation, Layer, Package, Page, Result, xml::Element};

use super::{document::order, graphic, resources, with_root};

pub(super) fn read(package: &Package, path: &str) -> Result<Page> {
    with_root(package, path, |root| {
        let mut page = Page::default();
        let own = root.child("Area").and_then(|area| area.child_text("PhysicalBox"));
        page.area = own.map(|area| root.rect("PhysicalBox", &area)).transpose()?;
        for resource in root.all("PageRes") {
            // Beside the page or from the root; a missing file leaves its objects undrawn.
            if let Ok(path) = package.resolve(path, &resource.text()) {
                resources::file(package, &path, &mut page.resources)?;
            }
        }
        for template in root.all("Template") {
            if let Some(id) = template.id("TemplateID")? {
                page.templates.push((id, template.attribute("ZOrder").map(order)));
            }
        }
        for layer in root.all("Content").flat_map(|content| content.all("Layer")) {
            page.layers.push(Layer {
                id: layer.id("ID")?,
                order: layer.attribute("Type").map(order),
                draw_param: layer.id("DrawParam")?,
                content: graphic::list(layer, package.limits(), 0)?,
            });
        }
        Ok(page)
    })
}

pub(super) fn annotations(package: &Package, path: &str) -> Result<Vec<Annotation>> {
    with_root(package, path, |root| root.all("Annot").map(|annotation| self::annotation(package, annotation)).collect())
}

fn annotation(package: &Package, element: Element<'_>) -> Result<Annotation> {
    let parameters = element.child("Parameters").into_iter().flat_map(|list| list.all("Parameter"));
    let appearance = element.child("Appearance");
    let boundary = appearance.and_then(|look| look.attribute("Boundary"));
    Ok(Annotation {
        id: element.id("ID").unwrap_or_default(),
        kind: element.text_attribute("Type"),
        subtype: element.text_attribute("Subtype"),
        creator: element.text_attribute("Creator"),
        visible: element.flag("Visible").unwrap_or(true),
        remark: element.child_text("Remark").unwrap_or_default(),
        parameters: parameters.map(|parameter| (parameter.text_attribute("Name"), parameter.text())).collect(),
        boundary: boundary.map(|text| element.rect("Boundary", text)).transpose()?.unwrap_or_default(),
        appearance: appearance.map_or(Ok(Vec::new()), |look| graphic::list(look, package.limits(), 0))?,
    })
}

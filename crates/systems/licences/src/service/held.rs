//! Handing in a licence one holds instead of a scan of it (无需重复提交, M-DATA-08.07, M-APPR-18).

use access::Actor;
use base::{Error, Result};
use cases::model::{HeldLicence, Trust};
use cases::service::Draft as Application;
use journal::Draft;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

use crate::model::Standing;
use crate::service::find::{note_use, own, wallet};
use crate::service::paper::paper;
use crate::store::{Licence, Wanted};

/// Licences offered for one material.
const OFFERED: usize = 50;

/// What can be handed in for a material of one's own application.
#[derive(Debug, Clone)]
pub struct Offer {
    /// The application.
    pub application: Application,
    /// Name of the material.
    pub material: String,
    /// Licences in force, those whose name is the material's first.
    pub licences: Vec<(Licence, bool)>,
}

/// The licences one holds that could be handed in for a material.
///
/// # Errors
/// [`base::Kind::NotFound`] for another's application or a material that is not listed.
pub async fn offer(platform: &Platform, actor: &Actor, draft: Uuid, material: usize) -> Result<Offer> {
    let party = actor.party()?.party;
    let application = cases::service::draft(platform, actor, draft).await?;
    if application.row.party_id != party {
        return Err(Error::not_found("没有找到这份草稿。"));
    }
    let wanted = application.item.spec.materials.get(material).ok_or_else(|| Error::not_found("公布的材料清单里没有这项材料。"))?;
    let name = wanted.name.clone();
    let today = platform.today();
    let held = wallet(platform, actor, &Wanted { current: true, ..Wanted::default() }, None, OFFERED).await?.items;
    let mut licences = Vec::new();
    for licence in held {
        if licence.standing(today)? == Standing::Valid {
            let fits = fits(&name, &licence.type_name);
            licences.push((licence, fits));
        }
    }
    licences.sort_by_key(|(_, fits)| !fits);
    Ok(Offer { application, material: name, licences })
}

/// Whether a material seems to be this licence: `食品经营许可证复印件` is a `食品经营许可证`.
fn fits(material: &str, licence: &str) -> bool {
    material.contains(licence) || licence.contains(material)
}

/// Hands a licence in for a material.
///
/// # Errors
/// [`base::Kind::NotFound`] for another's licence or application, [`base::Kind::Conflict`] when it is not in force.
pub async fn hand_in(platform: &Platform, actor: &Actor, draft: Uuid, material: usize, licence: Uuid) -> Result<Application> {
    let offer = offer(platform, actor, draft, material).await?;
    let licence = own(platform, actor, licence).await?;
    if licence.standing(platform.today())? != Standing::Valid {
        return Err(Error::conflict("licences.not_in_force", "这张证照现在没有效力，不能作为材料使用。"));
    }
    let paper = paper(platform, &licence).await?;
    let file = paper.pdf_file.ok_or_else(|| Error::internal(format!("licence {} has no file", licence.id)))?;
    let trust = Trust::from_code(&licence.trust).unwrap_or(Trust::B);
    let held = HeldLicence { id: licence.id, name: licence.type_name.clone(), number: licence.number.clone() };
    let now = platform.now();
    let item = offer.application.item.spec.name.clone();
    let tx = platform.db.begin().await?;
    let application = cases::service::use_held(&tx, offer.application, material, held, trust, file, now).await?;
    let purpose = format!("授权用于申请“{item}”的材料“{}”", offer.material);
    note_use(platform, &tx, &licence, actor, &purpose).await?;
    let data = json!({ "item": item, "material": offer.material, "draft": draft });
    journal::append(&tx, licence.id, actor, now, Draft::new("licences.hand_in", "授权作为申请材料使用", data)).await?;
    tx.commit().await?;
    Ok(application)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_of_a_licence_is_the_licence() {
        assert!(fits("营业执照", "营业执照") && fits("食品经营许可证复印件", "食品经营许可证"));
        assert!(!fits("身份证明", "食品经营许可证"));
    }
}

//! One open interface for every channel and business system (M-ITEM-01.13).

mod item;
mod items;

use web::{Policy, Routes};

pub(crate) fn routes() -> Routes {
    Routes::new().get("/api/items", Policy::Public, items::get).get("/api/items/{id}", Policy::Public, item::get)
}

use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use base::{Error, Result};

use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::token::FormToken;

/// Largest form without files.
const MAX_FORM_BYTES: usize = 512 * 1024;

/// The fields of a form, in the order they came. Repeated names are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormData(Vec<(String, String)>);

impl FormData {
    /// From pairs, for tests and multipart forms.
    pub fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// The trimmed value of a field; empty when it did not come.
    pub fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// The trimmed value of a field, if it came.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim())
    }

    /// All values of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.trim())
    }

    /// Whether a box was ticked.
    pub fn is_set(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| !value.is_empty())
    }

    /// All pairs but the token.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter(|(key, _)| key != "_token").map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// A required number.
    ///
    /// # Errors
    /// [`base::Kind::Invalid`] naming the field.
    pub fn number(&self, name: &str) -> Result<i64> {
        self.text(name).parse().map_err(|_| Error::field(name, "请填写一个整数。"))
    }
}

/// A form whose token was checked.
#[derive(Debug, Clone)]
pub struct Form {
    /// Its fields.
    pub data: FormData,
    /// Its token; the nonce is the idempotency key of the act.
    pub token: FormToken,
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        let ctx = request.extensions().get::<Ctx>().cloned().ok_or_else(|| Failure(Error::internal("a form without context")))?;
        let bytes: Bytes = to_bytes(request.into_body(), MAX_FORM_BYTES)
            .await
            .map_err(|_| Failure(Error::too_large("填写的内容太多，请精简后重新提交。")))?;
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_bytes(&bytes).map_err(|_| Failure(Error::expired("表单内容无法识别，请返回页面重新提交。")))?;
        let data = FormData(pairs);
        let token = ctx.check_token(data.text("_token"))?;
        Ok(Self { data, token })
    }
}

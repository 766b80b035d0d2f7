use axum::extract::{FromRequest, Multipart, Request};
use base::{Error, Result};
use bytes::Bytes;
use files::MAX_FILE_BYTES;

use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::form::FormData;
use crate::token::FormToken;

/// Files in one form, at most.
const MAX_FILES: usize = 20;

/// A file as it came; check it with [`files::check_upload`].
#[derive(Debug, Clone)]
pub struct UploadedFile {
    /// Name of the form field.
    pub field: String,
    /// Name the browser gave.
    pub name: String,
    /// Content.
    pub bytes: Bytes,
}

/// A form with files whose token was checked.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Its other fields.
    pub data: FormData,
    /// Its files; fields left empty are not here.
    pub files: Vec<UploadedFile>,
    /// Its token.
    pub token: FormToken,
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let ctx = request.extensions().get::<Ctx>().cloned().ok_or_else(|| Failure(Error::internal("an upload without context")))?;
        let broken = |_| Failure(Error::expired("上传的内容不完整，可能是网络中断了。请返回页面重新上传。"));
        let mut multipart = Multipart::from_request(request, state).await.map_err(|_| Failure(Error::expired("上传的内容无法识别，请返回页面重新上传。")))?;
        let mut pairs = Vec::new();
        let mut files = Vec::new();
        let mut checked = None;
        while let Some(mut part) = multipart.next_field().await.map_err(broken)? {
            let field = part.name().unwrap_or_default().to_owned();
            let Some(name) = part.file_name().map(str::to_owned) else {
                let value = part.text().await.map_err(broken)?;
                // The token stands first in our forms: a foreign upload is turned away before its files are read.
                if field == "_token" {
                    checked = Some(ctx.check_token(value.trim())?);
                }
                pairs.push((field, value));
                continue;
            };
            if checked.is_none() {
                return Err(Failure(Error::expired("这张表单不是从本页面提交的，请返回页面重新上传。")));
            }
            let mut bytes = Vec::new();
            while let Some(chunk) = part.chunk().await.map_err(broken)? {
                if bytes.len() + chunk.len() > MAX_FILE_BYTES {
                    return Err(Failure(Error::too_large(format!("文件“{name}”超过 20 MB，请压缩或分成几个文件后上传。"))));
                }
                bytes.extend_from_slice(&chunk);
            }
            // A browser sends an empty nameless file for a field left empty.
            if name.is_empty() && bytes.is_empty() {
                continue;
            }
            if files.len() == MAX_FILES {
                return Err(Failure(Error::too_large("一次最多上传 20 个文件，请分几次上传。")));
            }
            files.push(UploadedFile { field, name, bytes: bytes.into() });
        }
        let token = match checked {
            Some(token) => token,
            None => ctx.check_token("")?,
        };
        Ok(Self { data: FormData::new(pairs), files, token })
    }
}

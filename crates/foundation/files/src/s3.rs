use std::fmt;

use base::{Error, Result};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::prefix::PrefixStore;
use serde::{Deserialize, Serialize};

/// A store that speaks S3. Several copies of the program share one.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct S3 {
    /// Name of the bucket; empty: no such store, files lie in the data folder.
    pub bucket: String,
    /// Address of the service; empty: the region's at Amazon.
    pub endpoint: String,
    /// Region the requests are signed for.
    pub region: String,
    /// Comes before the name of every file.
    pub prefix: String,
    /// Name of the key.
    pub access_key: String,
    /// The key.
    pub secret_key: String,
    /// Whether the bucket is part of the host name, not of the path.
    pub virtual_host: bool,
}

impl S3 {
    /// Whether such a store is wanted.
    pub fn is_set(&self) -> bool {
        !self.bucket.is_empty()
    }

    pub(crate) fn open(&self) -> Result<PrefixStore<AmazonS3>> {
        if self.access_key.is_empty() || self.secret_key.is_empty() {
            return Err(Error::internal("s3: access_key and secret_key must be set, best as TONGBAN_S3__ACCESS_KEY and TONGBAN_S3__SECRET_KEY"));
        }
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&self.bucket)
            .with_region(if self.region.is_empty() { "us-east-1" } else { &self.region })
            .with_access_key_id(&self.access_key)
            .with_secret_access_key(&self.secret_key)
            .with_virtual_hosted_style_request(self.virtual_host);
        if !self.endpoint.is_empty() {
            // Plain HTTP where the address says so: inside a data centre.
            builder = builder.with_endpoint(&self.endpoint).with_allow_http(self.endpoint.starts_with("http://"));
        }
        Ok(PrefixStore::new(builder.build()?, self.prefix.as_str()))
    }
}

impl fmt::Debug for S3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("S3").field("bucket", &self.bucket).field("endpoint", &self.endpoint).field("region", &self.region).field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_never_printed() {
        let s3 = S3 { bucket: "files".into(), access_key: "name-of-key".into(), secret_key: "the-key".into(), ..S3::default() };
        let printed = format!("{s3:?}");
        assert!(printed.contains("files") && !printed.contains("the-key") && !printed.contains("name-of-key"));
    }

    #[test]
    fn a_store_without_a_key_says_what_is_missing() {
        let error = S3 { bucket: "files".into(), ..S3::default() }.open().unwrap_err();
        assert!(format!("{error:?}").contains("TONGBAN_S3__SECRET_KEY"), "{error:?}");
    }
}

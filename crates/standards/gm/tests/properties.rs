//! Rules that hold for every input.

use gm::{Error, Keys, NONCE_LEN, Sm3, Sm4Gcm, TAG_LEN, hmac_sm3, sm3, verify};
use proptest::{collection::vec, prelude::*};

proptest! {
    #[test]
    fn cutting_does_not_change_a_hash(data in vec(any::<u8>(), 0..300), cut in any::<prop::sample::Index>()) {
        let cut = cut.index(data.len() + 1);
        let mut hash = Sm3::new();
        hash.update(&data[..cut]);
        hash.update(&data[cut..]);
        prop_assert_eq!(hash.finish(), sm3(&data));
    }

    #[test]
    fn hmac_verifies_itself_and_nothing_else(key in vec(any::<u8>(), 0..130), data: Vec<u8>, bit in 0usize..256) {
        let mut tag = hmac_sm3(&key, &data);
        prop_assert!(verify(&key, &data, &tag));
        tag[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!verify(&key, &data, &tag));
    }

    #[test]
    fn open_undoes_seal(key: [u8; 16], nonce: [u8; NONCE_LEN], aad: Vec<u8>, text: Vec<u8>) {
        let cipher = Sm4Gcm::new(&key);
        let sealed = cipher.seal(&nonce, &aad, &text).unwrap();
        prop_assert_eq!(sealed.len(), text.len() + TAG_LEN);
        prop_assert_eq!(cipher.open(&nonce, &aad, &sealed).unwrap(), text);
    }

    #[test]
    fn any_flipped_bit_is_refused(key: [u8; 16], aad: Vec<u8>, text: Vec<u8>, at in any::<prop::sample::Index>(), bit in 0u32..8) {
        let cipher = Sm4Gcm::new(&key);
        let flip = |bytes: &mut [u8]| if let Some(byte) = bytes.get_mut(at.index(bytes.len().max(1))) { *byte ^= 1u8 << bit };
        let nonce = [9; NONCE_LEN];
        let sealed = cipher.seal(&nonce, &aad, &text).unwrap();

        let (mut other, mut other_nonce, mut other_key, mut other_aad) = (sealed.clone(), nonce, key, aad.clone());
        flip(&mut other);
        flip(&mut other_nonce);
        flip(&mut other_key);
        flip(&mut other_aad);
        other_aad.push(0); // differs even where it was empty
        prop_assert!(matches!(cipher.open(&nonce, &aad, &other), Err(Error::Damaged)));
        prop_assert!(matches!(cipher.open(&other_nonce, &aad, &sealed), Err(Error::Damaged)));
        prop_assert!(matches!(cipher.open(&nonce, &other_aad, &sealed), Err(Error::Damaged)));
        prop_assert!(matches!(Sm4Gcm::new(&other_key).open(&nonce, &aad, &sealed), Err(Error::Damaged)));
        prop_assert!(matches!(cipher.open(&nonce, &aad, &sealed[..sealed.len() - 1]), Err(Error::Damaged)));
    }

    #[test]
    fn keys_open_what_they_sealed(master: [u8; 32], aad: Vec<u8>, text: Vec<u8>, at in any::<prop::sample::Index>(), bit in 0u32..8) {
        let keys = Keys::new(&master);
        let mut sealed = keys.seal(&aad, &text).unwrap();
        prop_assert_eq!(keys.open(&aad, &sealed).unwrap(), text);
        let at = at.index(sealed.len());
        sealed[at] ^= 1u8 << bit;
        prop_assert!(matches!(keys.open(&aad, &sealed), Err(Error::Damaged)));
    }

    #[test]
    fn nonsense_is_refused(master: [u8; 32], noise in vec(any::<u8>(), 0..80)) {
        prop_assert!(Keys::new(&master).open(b"", &noise).is_err());
    }

    #[test]
    fn fields_and_purposes_are_apart(master: [u8; 32], value: Vec<u8>, a in "[a-z]{1,6}", b in "[a-z]{1,6}") {
        let keys = Keys::new(&master);
        let tag = keys.token(&a, &value);
        prop_assert!(keys.verify_token(&a, &value, &tag));
        prop_assert_eq!(keys.verify_token(&b, &value, &tag), a == b);
        prop_assert_eq!(keys.index(&a, &value) == keys.index(&b, &value), a == b);
        prop_assert_ne!(keys.index(&a, &value), keys.token(&a, &value));
    }
}

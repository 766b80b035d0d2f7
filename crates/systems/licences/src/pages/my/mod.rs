//! 我的证照: the wallet, one licence, codes that show it, handing it in.

pub(super) mod hand_in;
pub(super) mod licence;
pub(super) mod showing;
pub(super) mod wallet;

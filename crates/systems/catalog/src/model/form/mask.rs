//! Sensitive answers and what is known about the party already.

use codes::mask;

use super::super::codeset::code_set;

code_set! {
    /// How a sensitive answer is shown; it is stored encrypted.
    Mask {
        /// Identity numbers.
        Id = "id" "证件号码",
        /// Phone numbers.
        Phone = "phone" "电话",
        /// Addresses.
        Address = "address" "地址",
        /// Names of people.
        Name = "name" "姓名",
    }
}

impl Mask {
    /// The text as it is shown to those who need not know it all.
    #[must_use]
    pub fn apply(self, text: &str) -> String {
        match self {
            Self::Id => mask::citizen_id(text),
            Self::Phone => mask::phone(text),
            Self::Address => mask::address(text),
            Self::Name => mask::name(text),
        }
    }
}

code_set! {
    /// What the form takes over from the account of the party.
    Prefill {
        /// Name of the person or firm.
        PartyName = "party.name" "姓名或名称",
        /// Citizen ID or credit code.
        PartyId = "party.id" "证件号码",
        /// Phone.
        PartyPhone = "party.phone" "电话",
        /// Address.
        PartyAddress = "party.address" "地址",
    }
}

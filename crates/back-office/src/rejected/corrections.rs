//! What an administrator may correct in a sale, as it is typed, and what of it is sent.

use crate::api::{Corrections, RejectedSale};

/// The texts of the fields.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Texts {
    /// Customer's id.
    pub customer_id: String,
    /// Customer's name.
    pub customer_name: String,
    /// Cashier's id.
    pub cashier_id: String,
    /// Cashier's name.
    pub cashier_name: String,
    /// The number another system knows the sale by.
    pub external_ref: String,
}

impl Texts {
    /// What the fields are filled with.
    pub fn of(sale: &RejectedSale) -> Texts {
        let is_nameless = sale.customer == sale.customer_id;
        Texts {
            customer_id: sale.customer_id.clone().unwrap_or_default(),
            // Without a name its id is shown in its place.
            customer_name: sale.customer.clone().filter(|_| !is_nameless).unwrap_or_default(),
            cashier_id: sale.cashier_id.clone(),
            cashier_name: sale.cashier.clone(),
            external_ref: sale.external_ref.clone().unwrap_or_default(),
        }
    }

    /// What was typed over the texts that the fields were filled with. An id and its name go together.
    pub fn corrections(&self, filled: &Texts) -> Corrections {
        let both = |id: &String, name: &String, was: (&String, &String)| {
            if (id, name) == was { (None, None) } else { (Some(id.clone()), Some(name.clone())) }
        };
        let (customer_id, customer_name) =
            both(&self.customer_id, &self.customer_name, (&filled.customer_id, &filled.customer_name));
        let (cashier_id, cashier_name) =
            both(&self.cashier_id, &self.cashier_name, (&filled.cashier_id, &filled.cashier_name));
        let external_ref = (self.external_ref != filled.external_ref).then(|| self.external_ref.clone());
        // Without an id there is no customer, whatever name is left in the other field.
        let customer_name = customer_name.filter(|_| !self.customer_id.trim().is_empty());
        Corrections { customer_id, customer_name, cashier_id, cashier_name, external_ref }
    }

    /// Whether a customer has a name and no id: nobody could find the customer by it.
    pub fn lacks_customer_id(&self, filled: &Texts) -> bool {
        self.customer_id.trim().is_empty()
            && !self.customer_name.trim().is_empty()
            && self.customer_name != filled.customer_name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled() -> Texts {
        Texts {
            customer_id: "C1001".into(),
            customer_name: "Ito".into(),
            cashier_id: "1".into(),
            cashier_name: "Morag Ellery".into(),
            external_ref: String::new(),
        }
    }

    #[test]
    fn what_was_not_typed_anew_is_not_sent() {
        assert_eq!(filled().corrections(&filled()), Corrections::default());
        let typed = Texts { external_ref: "W-7".into(), ..filled() };
        let expected = Corrections { external_ref: Some("W-7".into()), ..Corrections::default() };
        assert_eq!(typed.corrections(&filled()), expected);
    }

    #[test]
    fn an_id_goes_with_its_name() {
        let typed = Texts { cashier_name: "Morag E.".into(), ..filled() };
        let expected = Corrections {
            cashier_id: Some("1".into()),
            cashier_name: Some("Morag E.".into()),
            ..Corrections::default()
        };
        assert_eq!(typed.corrections(&filled()), expected);
    }

    #[test]
    fn a_customer_is_taken_away_by_an_empty_id_and_none_is_made_of_a_name() {
        let typed = Texts { customer_id: " ".into(), ..filled() };
        let expected = Corrections { customer_id: Some(" ".into()), ..Corrections::default() };
        assert_eq!((typed.corrections(&filled()), typed.lacks_customer_id(&filled())), (expected, false));
        let typed = Texts { customer_id: String::new(), customer_name: "Ada".into(), ..filled() };
        assert!(typed.lacks_customer_id(&filled()));
    }
}

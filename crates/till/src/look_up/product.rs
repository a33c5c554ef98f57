//! A product that the store server has and this register does not keep, as it is sold here.

use holdfast_domain::{ItemToSell, Money, Unit};
use holdfast_protocol::look_up::{FoundProduct, LookUpReply};
use holdfast_sync::messages::LookUpFailure;
use leptos::prelude::WithUntracked;

use super::elsewhere::Hits;
use crate::catalogue::NotForSale;
use crate::catalogue::shop::Shop;
use crate::till::Till;

/// The product as it goes into the basket of this shop.
///
/// # Errors
/// [`NotForSale`] naming what is missing.
pub fn item(found: &FoundProduct, shop: &Shop) -> Result<ItemToSell, NotForSale> {
    shop.terms().ok_or(NotForSale::NoStore)?;
    let FoundProduct { product, tax_rate, .. } = found;
    Ok(ItemToSell {
        sku: product.sku.clone(),
        name: product.name.clone(),
        unit: Unit::from_code(&product.unit).ok_or(NotForSale::UnknownUnit)?,
        unit_price: price(found).ok_or(NotForSale::NoPrice)?,
        tax_code: product.tax_code.clone(),
        tax_rate_ppm: tax_rate.as_ref().ok_or(NotForSale::NoTaxRate)?.rate_ppm,
    })
}

/// Its price, where it has one.
pub fn price(found: &FoundProduct) -> Option<Money> {
    found.price.as_ref().map(|price| Money::from_minor(price.price_minor))
}

/// What a search found that is not kept here.
pub(super) fn hits(
    till: Till,
    result: &Result<LookUpReply, LookUpFailure>,
) -> Result<Hits<FoundProduct>, LookUpFailure> {
    let reply = result.as_ref().map_err(|why| *why)?;
    let found = till.catalogue.with_untracked(|catalogue| {
        let is_here = |found: &&FoundProduct| catalogue.products.by_sku(&found.product.sku).is_some();
        reply.products.iter().filter(|found| !is_here(found)).cloned().collect()
    });
    Ok(Hits { found, more: reply.more })
}

#[cfg(test)]
mod tests {
    use holdfast_protocol::rows::{PriceRow, ProductRow, TaxRateRow};

    use crate::catalogue::shop::tests::shop;

    use super::*;

    fn found() -> FoundProduct {
        let product = ProductRow {
            sku: "1".into(),
            name: "Lamp".into(),
            category: String::new(),
            unit: "ea".into(),
            tax_code: "S".into(),
            rank: 0,
        };
        FoundProduct {
            product,
            price: Some(PriceRow { sku: "1".into(), price_minor: 1_250 }),
            tax_rate: Some(TaxRateRow { code: "S".into(), name: "Standard".into(), rate_ppm: 200_000 }),
        }
    }

    #[test]
    fn what_is_sold_is_what_the_store_server_said() {
        let item = item(&found(), &shop()).expect("for sale");
        assert_eq!((item.unit_price.minor(), item.tax_rate_ppm), (1_250, 200_000));
        assert_eq!((item.sku.as_str(), item.name.as_str(), item.unit), ("1", "Lamp", Unit::Each));
    }

    #[test]
    fn without_a_price_a_rate_or_a_unit_it_is_not_for_sale() {
        assert_eq!(item(&FoundProduct { price: None, ..found() }, &shop()), Err(NotForSale::NoPrice));
        assert_eq!(item(&FoundProduct { tax_rate: None, ..found() }, &shop()), Err(NotForSale::NoTaxRate));
        let mut by_the_furlong = found();
        by_the_furlong.product.unit = "fur".into();
        assert_eq!(item(&by_the_furlong, &shop()), Err(NotForSale::UnknownUnit));
        assert_eq!(item(&found(), &Shop::default()), Err(NotForSale::NoStore));
    }
}

//! Pictures of the demo shop's products: drawn here, from what a product is called and the colour of its category.
//!
//! SVG, some hundred bytes each. Nothing of a product's text is in them, so nothing in them needs to be escaped.

use std::collections::BTreeMap;

use holdfast_protocol::rows::{CategoryRow, ProductRow};
use sha2::{Digest, Sha256};

use super::demo_shapes::{CATEGORY_SHAPES, GENERAL, Shape, WORDS};
use crate::database::NewPicture;

/// The colours of categories as the till has them, degrees of hue.
const HUES: [u16; 12] = [38, 120, 205, 12, 290, 58, 222, 172, 338, 24, 190, 256];

/// The pictures of some products.
pub fn of(products: &[ProductRow], categories: &[CategoryRow]) -> Vec<NewPicture> {
    let hues: BTreeMap<&str, u8> = categories.iter().map(|row| (row.code.as_str(), row.hue)).collect();
    products
        .iter()
        .map(|product| {
            let hue = hues.get(product.category.as_str()).copied().unwrap_or(0);
            let bytes = draw(&product.name, &product.category, hue).into_bytes();
            NewPicture {
                sku: product.sku.clone(),
                hash: Sha256::digest(&bytes).into(),
                media_type: "image/svg+xml".to_owned(),
                bytes,
            }
        })
        .collect()
}

fn draw(name: &str, category: &str, hue: u8) -> String {
    let ground = HUES[usize::from(hue) % HUES.len()];
    let (shape, thing) = shape_of(name, category);
    // Products of one shape differ a little, the same one always in the same way.
    let seed = Sha256::digest(name.as_bytes());
    let turn = u16::from(seed[0] % 41);
    let hue = match thing {
        Some(hue) => (hue + 350 + turn / 2) % 360,
        None => (ground + 130 + 4 * turn) % 360,
    };
    let light = 52 + u16::from(seed[1] % 9);
    let main = format!("hsl({hue} 58% {light}%)");
    let dark = format!("hsl({hue} 55% {}%)", light - 20);
    let pale = format!("hsl({hue} 62% {}%)", light + 24);
    let shape = shape.replace("{m}", &main).replace("{d}", &dark).replace("{l}", &pale);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 96 96\"><defs>\
         <linearGradient id=\"g\" x2=\"0\" y2=\"1\"><stop stop-color=\"hsl({ground} 48% 93%)\"/>\
         <stop offset=\"1\" stop-color=\"hsl({ground} 42% 82%)\"/></linearGradient></defs>\
         <path fill=\"url(#g)\" d=\"M0 0h96v96H0z\"/>\
         <ellipse cx=\"48\" cy=\"81\" rx=\"30\" ry=\"5\" fill=\"hsl({ground} 30% 30% / 0.18)\"/>{shape}</svg>"
    )
}

/// What a product looks like, and its own colour where it has one: by a word of its name, else by its category.
fn shape_of(name: &str, category: &str) -> (Shape, Option<u16>) {
    // A word may begin anywhere but in the middle of another one.
    let name = format!(" {}", name.to_lowercase());
    let fits = |words: &[&str]| words.iter().any(|word| name.contains(&format!(" {word}")));
    let by_word = WORDS.iter().find(|(categories, words, ..)| categories.contains(&category) && fits(words));
    if let Some((_, _, shape, hue)) = by_word {
        return (shape, *hue);
    }
    let by_category = CATEGORY_SHAPES.iter().find(|(code, ..)| *code == category);
    by_category.map_or((GENERAL, None), |(_, shape, hue)| (shape, *hue))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_has_the_same_picture_each_time_and_others_have_others() {
        let one = draw("White bloomer, large", "bakery", 1);
        assert_eq!(one, draw("White bloomer, large", "bakery", 1));
        assert_ne!(one, draw("Wholemeal tin loaf", "bakery", 1));
        assert!(one.len() < 2_000);
    }

    #[test]
    fn nothing_of_a_name_is_in_its_picture() {
        let drawn = draw("<script>alert(1)</script>&{m}", "\"><script>", 200);
        assert!(!drawn.contains("script") && !drawn.contains("alert") && !drawn.contains("{m}"), "{drawn}");
    }
}

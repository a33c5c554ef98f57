//! Units as they stand behind a quantity or a price.

use holdfast_domain::Unit;
use holdfast_ui::messages::till as text;

/// `kg`.
pub fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Each => text::unit_each(),
        Unit::Kilogram => text::unit_kilogram(),
        Unit::Litre => text::unit_litre(),
        Unit::Metre => text::unit_metre(),
    }
}

/// `/ kg`.
pub fn per_unit(of: Unit) -> String {
    text::per_unit(unit(of))
}

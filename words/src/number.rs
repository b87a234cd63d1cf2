//! Numbers as all three languages write them.

/// Digits in groups of three.
pub fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number that may be below zero, with a true minus sign.
pub fn signed(n: i64) -> String {
    let digits = number(n.unsigned_abs());
    if n < 0 { format!("−{digits}") } else { digits }
}

/// Bytes in the largest unit that fits, to two digits at least: `980 B`, `1.4 MB`, `10 MB`. A KB is 1,024 bytes, as limits count.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KB", "MB", "GB", "TB"];
    let (mut unit, mut one, bytes) = (0, 1, u128::from(bytes));
    // A number that would round to 1,024 of a unit is one of the next unit.
    while (bytes + one / 2) / one >= 1024 && unit + 1 < UNITS.len() {
        unit += 1;
        one *= 1024;
    }
    let word = UNITS[unit];
    let tenths = (bytes * 10 + one / 2) / one;
    if unit == 0 || tenths >= 100 {
        format!("{} {word}", (bytes + one / 2) / one)
    } else {
        format!("{}.{} {word}", tenths / 10, tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(number), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn sizes_come_in_the_unit_that_fits() {
        let kb = 1024;
        let sizes = [0, 1023, kb, 1_450 * kb, 10 * kb * kb - 1, 10 * kb * kb, 312 * kb * kb, kb * kb - 1];
        assert_eq!(sizes.map(size), ["0 B", "1023 B", "1.0 KB", "1.4 MB", "10 MB", "10 MB", "312 MB", "1.0 MB"]);
        assert_eq!(size(u64::MAX), "16777216 TB");
    }
}

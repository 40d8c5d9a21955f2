//! The further series of a card, as its row has them.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::requirement::Weight;
use crate::timetable::board::Series;

/// One of them, by the words of the columns beside.
#[derive(Serialize, Deserialize)]
struct Row {
    number: i32,
    days: u16,
    weight: Option<String>,
}

/// As they are read; what nobody understands is none.
pub(crate) fn read(value: Value) -> Vec<Series> {
    let rows: Vec<Row> = serde_json::from_value(value).unwrap_or_default();
    let series = |row: Row| Series {
        number: row.number,
        days: row.days,
        weight: row.weight.as_deref().and_then(Weight::from_key),
    };
    rows.into_iter().map(series).collect()
}

/// As they are written; nothing for none.
pub(crate) fn written(series: &[Series]) -> Option<Value> {
    let row = |of: &Series| Row {
        number: of.number,
        days: of.days,
        weight: of.weight.map(|weight| weight.key().to_owned()),
    };
    (!series.is_empty()).then(|| json!(series.iter().map(row).collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_what_is_none_of_it_is_nothing() {
        let all = [
            Series {
                number: 2,
                days: 1,
                weight: Some(Weight::Must),
            },
            Series {
                number: 7,
                days: 40,
                weight: None,
            },
        ];
        assert_eq!(read(written(&all).unwrap()), all);
        assert_eq!(written(&[]), None);
        assert!(read(json!([{ "number": "x" }])).is_empty() && read(json!(3)).is_empty());
    }
}

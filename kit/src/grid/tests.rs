//! The keys of the grid, each with what it means.

use super::*;

fn press(key: &str) -> Option<Intent> {
    intent(Key {
        key,
        ..Key::default()
    })
}

fn ctrl(key: &str, code: &str) -> Option<Intent> {
    intent(Key {
        key,
        code,
        ctrl: true,
        ..Key::default()
    })
}

fn shift(key: &str) -> Option<Intent> {
    intent(Key {
        key,
        shift: true,
        ..Key::default()
    })
}

fn edit(key: &str) -> Option<Intent> {
    intent(Key {
        key,
        editing: true,
        ..Key::default()
    })
}

const SIZE: Size = Size {
    rows: 4,
    columns: 3,
    page: 2,
};

fn at(row: usize, column: usize) -> Spot {
    Spot { row, column }
}

#[test]
fn the_contract_row_by_row() {
    assert_eq!(press("ArrowDown"), Some(Intent::Move(Way::Down)));
    assert_eq!(press("Enter"), Some(Intent::Commit(Way::Down)));
    assert_eq!(shift("Enter"), Some(Intent::Commit(Way::Up)));
    assert_eq!(edit("Tab"), Some(Intent::Commit(Way::Right)));
    assert_eq!(
        intent(Key {
            key: "Tab",
            shift: true,
            editing: true,
            ..Key::default()
        }),
        Some(Intent::Commit(Way::Left))
    );
    assert_eq!(press("Tab"), None, "leaves the grid");
    assert_eq!(press("F2"), Some(Intent::Edit));
    assert_eq!(press("5"), Some(Intent::Type('5')));
    assert_eq!(press("н"), Some(Intent::Type('н')));
    assert_eq!(press("Escape"), Some(Intent::Cancel));
    assert_eq!(edit("Escape"), Some(Intent::Cancel));
    assert_eq!(press("Delete"), Some(Intent::Clear));
    assert_eq!(press("Backspace"), Some(Intent::Clear));
    assert_eq!(edit("Backspace"), None, "the text's own");
    assert_eq!(
        (press("Home"), press("End")),
        (Some(Intent::Move(Way::Home)), Some(Intent::Move(Way::End)))
    );
    assert_eq!(ctrl("Home", "Home"), Some(Intent::Move(Way::First)));
    assert_eq!(ctrl("End", "End"), Some(Intent::Move(Way::Last)));
    assert_eq!(press("PageDown"), Some(Intent::Move(Way::PageDown)));
    assert_eq!(shift("ArrowRight"), Some(Intent::Extend(Way::Right)));
    assert_eq!(ctrl(" ", "Space"), Some(Intent::SelectColumn));
    assert_eq!(shift(" "), Some(Intent::SelectRow));
    assert_eq!(ctrl("Enter", "Enter"), Some(Intent::FillAll));
    assert_eq!(shift("F2"), Some(Intent::Details));
    assert_eq!(
        intent(Key {
            key: "Enter",
            alt: true,
            ..Key::default()
        }),
        Some(Intent::ColumnDetails)
    );
    assert_eq!(
        intent(Key {
            key: "End",
            alt: true,
            ..Key::default()
        }),
        Some(Intent::RowDetails)
    );
    assert_eq!(press("Shift"), None);
    assert_eq!(press("F5"), None);
}

#[test]
fn letters_are_found_in_any_layout() {
    for (latin, russian, code, wanted) in [
        ("a", "ф", "KeyA", Intent::SelectAll),
        ("c", "с", "KeyC", Intent::Copy),
        ("x", "ч", "KeyX", Intent::Cut),
        ("v", "м", "KeyV", Intent::Paste),
        ("d", "в", "KeyD", Intent::FillDown),
        ("z", "я", "KeyZ", Intent::Undo),
        ("y", "н", "KeyY", Intent::Redo),
    ] {
        assert_eq!(ctrl(latin, code), Some(wanted));
        assert_eq!(ctrl(russian, code), Some(wanted));
        assert_eq!(ctrl(latin, ""), Some(wanted));
    }
    assert_eq!(ctrl("r", "KeyR"), None, "the browser's reload");
}

#[test]
fn ways_stop_at_the_edges_and_commits_turn_the_column() {
    assert_eq!(go(at(0, 0), Way::Up, SIZE), at(0, 0));
    assert_eq!(go(at(3, 2), Way::Right, SIZE), at(3, 2));
    assert_eq!(go(at(0, 0), Way::PageDown, SIZE), at(2, 0));
    assert_eq!(go(at(1, 1), Way::Last, SIZE), at(3, 2));
    assert_eq!(after_commit(at(1, 1), Way::Down, SIZE), at(2, 1));
    assert_eq!(after_commit(at(3, 1), Way::Down, SIZE), at(0, 2));
    assert_eq!(after_commit(at(3, 2), Way::Down, SIZE), at(3, 2));
    assert_eq!(after_commit(at(0, 1), Way::Up, SIZE), at(3, 0));
    assert_eq!(
        go(
            at(0, 0),
            Way::Last,
            Size {
                rows: 0,
                columns: 0,
                page: 1
            }
        ),
        at(0, 0)
    );
}

#[test]
fn what_is_pasted_is_laid_down_or_fills() {
    let one = Block::between(at(1, 1), at(1, 1));
    assert_eq!(
        paste("5", Block::between(at(2, 1), at(1, 1)), SIZE).cells.len(),
        2
    );
    assert_eq!(
        paste("5\t4\r\nн\t\r\n", one, SIZE),
        Laid {
            cells: vec![
                (at(1, 1), "5".into()),
                (at(1, 2), "4".into()),
                (at(2, 1), "н".into()),
                (at(2, 2), String::new())
            ],
            beyond: 0,
        }
    );
    let over = paste("1\t2\t3\t\n\n\n4", one, SIZE);
    assert_eq!(over.cells.len(), 2 + 1 + 1, "what hangs over is left out");
    assert_eq!(over.beyond, 2, "and counted, but for what is empty");
    assert!(Block::between(at(2, 2), at(0, 1)).holds(at(1, 1)));
}

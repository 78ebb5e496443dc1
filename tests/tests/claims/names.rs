//! The grammar of file names exists twice: strict in the runtime, with explanations in the analyzer.

use onward::{Category, Version};
use onward_analyzer::file_name::version_of;

const NAMES: [&str; 84] = [
    "001_x.sql",
    "001_create_users.sql",
    "009_x.sql",
    "010_x.sql",
    "099_x.sql",
    "100_x.sql",
    "101_drop_users.sql",
    "199_x.sql",
    "S001_x.sql",
    "S099_x.sql",
    "S100_x.sql",
    "S999_x.sql",
    "DM001_x.sql",
    "DM100_x.sql",
    "DM999_x.sql",
    "001_1.sql",
    "001_2fa.sql",
    "001_a1_b2.sql",
    "001_x_1.sql",
    "001_create.sql.sql",
    "001_x.down.sql",
    "001_x.up.sql",
    "",
    " ",
    "\t",
    "\n",
    ".sql",
    "_.sql",
    "_x.sql",
    "001",
    "001.sql",
    "001_",
    "001_.sql",
    "001_x",
    "001_x.SQL",
    "001_x.Sql",
    "001_x.sqlx",
    "001_x.sql ",
    " 001_x.sql",
    "001 _x.sql",
    "001_ x.sql",
    "001_x y.sql",
    "001_x\n.sql",
    "001_x\0.sql",
    "000_x.sql",
    "S000_x.sql",
    "DM000_x.sql",
    "200_x.sql",
    "999_x.sql",
    "S1000_x.sql",
    "DM1000_x.sql",
    "0001_x.sql",
    "0059_x.sql",
    "01_x.sql",
    "1_x.sql",
    "S1_x.sql",
    "DM01_x.sql",
    "s001_x.sql",
    "dm001_x.sql",
    "Dm001_x.sql",
    "D001_x.sql",
    "M001_x.sql",
    "SM001_x.sql",
    "DMS001_x.sql",
    "X001_x.sql",
    "SS001_x.sql",
    "V1__x.sql",
    "V001__x.sql",
    "R__x.sql",
    "20251214_x.sql",
    "20251214120000_x.sql",
    "create.sql",
    "001-x.sql",
    "001.x.sql",
    "001_X.sql",
    "001_createUsers.sql",
    "001_create-users.sql",
    "001_ä.sql",
    "٠٠١_x.sql",
    "+01_x.sql",
    "-01_x.sql",
    "0x1_x.sql",
    "001_x.sql/002_y.sql",
    "a/001_x.sql",
];

/// Underscores in unusual places.
const UNDERSCORES: [&str; 6] = [
    "001__x.sql",
    "001_x_.sql",
    "001_x__y.sql",
    "001__.sql",
    "001____.sql",
    "S001__x_.sql",
];

#[test]
fn the_runtime_and_the_analyzer_agree_on_every_name() {
    let mut right = 0;
    let mut differ = Vec::new();
    for name in NAMES.into_iter().chain(UNDERSCORES) {
        let (strict, explaining) = (Version::of(name).ok(), version_of(name));
        let strict_read = strict.map(|v| format!("{} {} {v}", v.category(), v.number()));
        let read = explaining.map(|v| format!("{} {} {v}", v.category.word(), v.number));
        if strict_read != read {
            differ.push(format!(
                "{name:?}: runtime {strict_read:?}, analyzer {read:?}"
            ));
        }
        assert_eq!(
            Category::of(name).ok(),
            strict.map(Version::category),
            "{name:?}"
        );
        right += usize::from(strict.is_some());
    }
    assert!(differ.is_empty(), "\n{}", differ.join("\n"));
    assert!((15..30).contains(&right), "{right} of the names are right");
}

#[test]
fn the_runtime_and_the_analyzer_agree_on_every_number() {
    for number in 0..=1100 {
        for prefix in ["", "S", "DM"] {
            let name = format!("{prefix}{number:03}_x.sql");
            let strict = Version::of(&name).ok().map(|v| v.to_string());
            assert_eq!(strict, version_of(&name).map(|v| v.to_string()), "{name}");
        }
    }
}

#[test]
fn the_categories_are_the_same_words() {
    for (ours, theirs) in Category::ALL.into_iter().zip([
        onward_analyzer::file_name::Category::Startup,
        onward_analyzer::file_name::Category::Seed,
        onward_analyzer::file_name::Category::Release,
        onward_analyzer::file_name::Category::Data,
    ]) {
        assert_eq!(ours.as_str(), theirs.word());
    }
}

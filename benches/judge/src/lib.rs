//! Modules of any size, each of one kind of statement, for the check to read.

use onward_analyzer::source::Module;

/// How many seeds a module can have.
const SEEDS: usize = 999;

/// A kind of history.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Tables, each with a foreign key to the same table and an index on it.
    Tables,
    /// Partitions of one table.
    Partitions,
    /// `ALTER TABLE`s of one table.
    Alters,
    /// `INSERT`s into one table.
    Inserts,
    /// Seeds: as many files as there can be, which share the `INSERT`s.
    Seeds,
}

impl Kind {
    /// Every kind, with its word.
    pub const ALL: [(&'static str, Self); 5] = [
        ("tables", Self::Tables),
        ("partitions", Self::Partitions),
        ("alters", Self::Alters),
        ("inserts", Self::Inserts),
        ("seeds", Self::Seeds),
    ];

    /// How many statements belong to one item.
    #[must_use]
    pub const fn statements(self) -> u64 {
        match self {
            Self::Tables => 2,
            Self::Partitions | Self::Alters | Self::Inserts | Self::Seeds => 1,
        }
    }

    /// The module with so many items.
    #[must_use]
    pub fn module(self, items: usize) -> Module {
        let items = 0..items;
        let insert = |at: usize| {
            format!("INSERT INTO app.t (id, a) VALUES ({at}, 'x') ON CONFLICT (id) DO NOTHING;\n")
        };
        let table = "CREATE TABLE app.t (id bigint PRIMARY KEY, a text)";
        let mut files = Vec::new();
        let mut startup = |sql: String| files.push(("001_a.sql".to_owned(), sql));
        match self {
            Self::Tables => {
                let each = |at| {
                    format!(
                        "CREATE TABLE app.t{at} (id bigint PRIMARY KEY, t_id bigint REFERENCES app.t (id));\n\
                         CREATE INDEX t{at}_t_id ON app.t{at} (t_id);\n"
                    )
                };
                startup(format!("{table};\n{}", items.map(each).collect::<String>()));
            }
            Self::Partitions => {
                let each = |at| {
                    format!(
                        "CREATE TABLE app.t{at} PARTITION OF app.t FOR VALUES FROM ({at}) TO ({});\n",
                        at + 1
                    )
                };
                let all: String = items.map(each).collect();
                startup(format!("{table} PARTITION BY RANGE (id);\n{all}"));
            }
            Self::Alters => {
                let each = |at| format!("ALTER TABLE app.t ALTER COLUMN a SET DEFAULT '{at}';\n");
                startup(format!("{table};\n{}", items.map(each).collect::<String>()));
            }
            Self::Inserts => {
                startup(format!("{table};\n"));
                files.push(("S001_a.sql".to_owned(), items.map(insert).collect()));
            }
            Self::Seeds => {
                startup(format!("{table};\n"));
                let seeds = items.clone().take(SEEDS).map(|seed| {
                    let own = items.clone().skip(seed).step_by(SEEDS).map(insert);
                    (format!("S{:03}_a.sql", seed + 1), own.collect())
                });
                files.extend(seeds);
            }
        }
        let files = files
            .iter()
            .map(|(name, sql)| (name.as_str(), sql.as_str()));
        Module::in_memory("app", files)
    }
}

//! The tools whose folders are understood.

use clap::ValueEnum;

/// What has written a folder of migrations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Tool {
    Sqlx,
    Refinery,
    Diesel,
    Flyway,
    Goose,
    GolangMigrate,
    Dbmate,
    EfCore,
    Rails,
    /// SQL files without a tool, in the order of their names.
    None,
}

impl Tool {
    /// As the command line writes it.
    pub(crate) fn id(self) -> String {
        let value = self.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// The tool that the command line writes so.
    pub(crate) fn of(id: &str) -> Option<Self> {
        Self::from_str(id, false).ok()
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sqlx => "sqlx",
            Self::Refinery => "refinery",
            Self::Diesel => "diesel",
            Self::Flyway => "Flyway",
            Self::Goose => "goose",
            Self::GolangMigrate => "golang-migrate",
            Self::Dbmate => "dbmate",
            Self::EfCore => "EF Core",
            Self::Rails => "Rails",
            Self::None => "SQL",
        }
    }

    /// What to do when there is not one migration in the folder.
    pub(crate) const fn when_empty(self) -> &'static str {
        match self {
            Self::Sqlx => "its files are called 20240131120000_title.sql or 1_title.up.sql",
            Self::Refinery => "its files are called V1__title.sql",
            Self::Diesel => "its files are called 2024-01-31-120000_title/up.sql",
            Self::Flyway => "its files are called V1__title.sql",
            Self::Goose => {
                "its files are called 20240131120000_title.sql and have a line `-- +goose Up`"
            }
            Self::GolangMigrate => "its files are called 000001_title.up.sql",
            Self::Dbmate => {
                "its files are called 20240131120000_title.sql and have a line `-- migrate:up`"
            }
            Self::EfCore => {
                "write its migrations as SQL first: `dotnet ef migrations script --output <folder>/ef.sql`"
            }
            Self::Rails => {
                "write the schema as SQL first: set `config.active_record.schema_format = :sql`, run \
                 `bin/rails db:schema:dump`, and name the folder of structure.sql"
            }
            Self::None => "there is no file that ends with .sql",
        }
    }
}

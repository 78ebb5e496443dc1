//! What the files use and do not create: objects of other modules, and extensions.

use std::collections::BTreeSet;

use onward::Plan;
use tokio_postgres::Client;
use tokio_postgres::types::Type;

use super::CensusError;

/// Copies what the plans need of schemas that none of them has, and the extensions that no file creates.
pub(super) async fn copy(
    live: &Client,
    scratch: &Client,
    plans: &[Plan],
) -> Result<(), CensusError> {
    extensions(live, scratch, plans).await?;
    let own: BTreeSet<&str> = plans.iter().map(Plan::schema).collect();
    let needs = plans.iter().flat_map(|plan| plan.needs());
    let needs: BTreeSet<(&str, &str)> = needs
        .map(|need| (need.schema, need.name))
        .filter(|(schema, _)| !own.contains(schema))
        .collect();
    for (schema, name) in needs {
        let failed = |source| CensusError::Foreign {
            what: format!("{schema}.{name}"),
            source,
        };
        let quoted = schema.replace('"', "\"\"");
        let create = format!("CREATE SCHEMA IF NOT EXISTS \"{quoted}\"");
        scratch.batch_execute(&create).await.map_err(failed)?;
        let parameters: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 2] =
            [(&schema, Type::TEXT), (&name, Type::TEXT)];
        let statements = live
            .query_typed(include_str!("foreign.sql"), &parameters)
            .await
            .map_err(failed)?;
        for row in statements {
            let sql: String = row.get(0);
            let sql = format!("SET check_function_bodies = off; {sql}");
            match scratch.batch_execute(&sql).await {
                Err(error) if !is_there_already(&error) => return Err(failed(error)),
                Err(_) | Ok(()) => {}
            }
        }
    }
    Ok(())
}

/// Two needs can use one type.
fn is_there_already(error: &tokio_postgres::Error) -> bool {
    let code = error.as_db_error().map(|said| said.code().code());
    matches!(code, Some("42710" | "42P07" | "42723"))
}

/// Extensions that an administrator has created. One that cannot be created here is one that the files may not need.
async fn extensions(live: &Client, scratch: &Client, plans: &[Plan]) -> Result<(), CensusError> {
    const SQL: &str = "SELECT extname::text, nspname::text FROM pg_catalog.pg_extension \
                       JOIN pg_catalog.pg_namespace n ON n.oid = extnamespace WHERE extname <> 'plpgsql'";
    let failed = |source| CensusError::Foreign {
        what: "the extensions".to_owned(),
        source,
    };
    let rows = live.query_typed(SQL, &[]).await.map_err(failed)?;
    for row in rows {
        let (name, schema): (String, String) = (row.get(0), row.get(1));
        if plans.iter().any(|plan| creates(plan, &name)) {
            continue;
        }
        let [name, schema] = [name, schema].map(|one| one.replace('"', "\"\""));
        let create = format!(
            "CREATE SCHEMA IF NOT EXISTS \"{schema}\"; CREATE EXTENSION IF NOT EXISTS \"{name}\" SCHEMA \"{schema}\""
        );
        scratch.batch_execute(&create).await.ok();
    }
    Ok(())
}

/// Whether a startup or release migration may create the extension itself.
fn creates(plan: &Plan, extension: &str) -> bool {
    let startup = plan.startup().iter().map(|one| one.step());
    let release = plan.release().iter().map(|one| one.step());
    let mut all = startup.chain(release).flat_map(|step| step.statements());
    all.any(|one| one.sql.contains(extension) && one.sql.to_ascii_uppercase().contains("EXTENSION"))
}

//! What the check takes for a mistake is one on a real PostgreSQL, and what it accepts is none.

use std::error::Error;

use onward_cases::mistakes::{List, accepted, mistakes};
use onward_pg::{Database, shared};

use crate::Outcome;
use crate::support::EMPTY;

#[tokio::test]
async fn the_server_refuses_each_mistake_and_accepts_the_others() -> Outcome {
    let database = shared().await?.database().await?;
    let mut wrong = of_list(&database, &mistakes()).await?;
    wrong.extend(of_list(&database, &accepted()).await?);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    Ok(())
}

async fn of_list(database: &Database, list: &List) -> Result<Vec<String>, Box<dyn Error>> {
    let mut wrong = Vec::new();
    for case in &list.cases {
        let client = database.connect().await?;
        client.batch_execute(EMPTY).await?;
        client.batch_execute(list.base).await?;
        let answer = client.simple_query(case.sql).await.err();
        let answer = answer.as_ref().and_then(|error| error.code());
        let code = answer.map(|code| code.code());
        if code != case.code {
            wrong.push(format!(
                "{}: expected {:?}, got {code:?}",
                case.name, case.code
            ));
        }
    }
    Ok(wrong)
}

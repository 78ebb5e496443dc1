//! Tenants at run time: a transaction that belongs to one of them.
//!
//! Policies compare `tenant_id` with a setting, and the setting has to be there for exactly one transaction. [`scope`]
//! begins such a transaction; `docs/tenants.md` shows how a service uses it.
//!
//! ```no_run
//! use onward::tenant::{TenantId, scope};
//!
//! # async fn example(client: &mut tokio_postgres::Client, header: &str) -> Result<(), Box<dyn std::error::Error>> {
//! let tenant: TenantId = header.parse()?;
//! let scope = scope(client, tenant).await?;
//! let users = scope.query("SELECT email FROM auth.users", &[]).await?;
//! scope.commit().await?;
//! # Ok(())
//! # }
//! ```
//!
//! Outside of a scope a query sees no row of any tenant, without an error, and a write fails: [`Refusal`] explains the
//! server's error, and [`Tenancy::current`] asks which tenant it is.

pub mod audit;
mod error;
mod id;
mod roles;
mod scope;
mod setting;

pub use error::{Error, Refusal};
pub use id::{InvalidTenantId, TenantId};
pub use roles::{RoleProblem, Roles, SameRole};
pub use scope::{Scope, Tenancy, scope};
pub use setting::{InvalidSetting, Setting};

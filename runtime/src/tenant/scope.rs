//! A transaction of one tenant.

use std::ops::Deref;
use std::pin::pin;
use std::task::{Context, Waker};

use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, IsolationLevel};

use crate::session::row::{flag, row, text};
use crate::sql::{Fragment, fill};
use crate::tenant::error::Error;
use crate::tenant::id::TenantId;
use crate::tenant::setting::Setting;

/// How scopes begin: which setting carries the tenant, and what kind of transaction they are.
///
/// ```
/// use onward::tenant::{Setting, Tenancy};
///
/// const TENANCY: Tenancy = Tenancy::new(Setting::APP_TENANT_ID).read_only();
/// ```
#[derive(Clone, Debug, Default)]
pub struct Tenancy {
    setting: Setting,
    isolation: Option<IsolationLevel>,
    access: Access,
}

#[derive(Clone, Copy, Debug, Default)]
enum Access {
    /// What the session has by default.
    #[default]
    Usual,
    ReadOnly,
}

impl Tenancy {
    /// With a setting of the module's own.
    ///
    /// ```
    /// # fn example() -> Result<(), onward::tenant::InvalidSetting> {
    /// let tenancy = onward::tenant::Tenancy::new(onward::tenant::Setting::new("shop.customer")?);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub const fn new(setting: Setting) -> Self {
        Self {
            setting,
            isolation: None,
            access: Access::Usual,
        }
    }

    /// The isolation of the transactions; what the session has by default unless set. It cannot be set later: a scope's
    /// first statement is its own.
    ///
    /// ```
    /// use onward::tenant::Tenancy;
    /// use tokio_postgres::IsolationLevel;
    ///
    /// let tenancy = Tenancy::default().isolation(IsolationLevel::Serializable);
    /// ```
    #[must_use]
    pub const fn isolation(mut self, isolation: IsolationLevel) -> Self {
        self.isolation = Some(isolation);
        self
    }

    /// Transactions that write nothing.
    ///
    /// ```
    /// let tenancy = onward::tenant::Tenancy::default().read_only();
    /// ```
    #[must_use]
    pub const fn read_only(mut self) -> Self {
        self.access = Access::ReadOnly;
        self
    }

    /// Begins a transaction of the tenant's: one message.
    ///
    /// # Errors
    ///
    /// [`Error::OpenTransaction`], [`Error::SessionHasTenant`] and [`Error::Connection`].
    ///
    /// ```no_run
    /// # use onward::tenant::{Error, Tenancy, TenantId};
    /// # async fn example(tenancy: &Tenancy, client: &mut tokio_postgres::Client, tenant: TenantId) -> Result<(), Error> {
    /// let scope = tenancy.scope(client, tenant).await?;
    /// scope.commit().await
    /// # }
    /// ```
    pub async fn scope<'c>(
        &self,
        client: &'c mut Client,
        tenant: TenantId,
    ) -> Result<Scope<'c>, Error> {
        let id = tenant.to_string();
        let message = fill(
            include_str!("../sql/tenant/begin.sql"),
            &[
                ("mode", Fragment::Trusted(&self.mode())),
                ("setting", Fragment::Text(self.setting.as_str())),
                ("tenant", Fragment::Text(&id)),
            ],
        );
        // From here on, whatever becomes of this future, the transaction is rolled back unless it is committed.
        let mut scope = Scope {
            client,
            setting: self.setting.clone(),
            tenant,
            state: State::Open,
        };
        let answer = match scope.simple_query(&message).await {
            Ok(answer) => answer,
            Err(error) if error.code() == Some(&SqlState::IN_FAILED_SQL_TRANSACTION) => {
                scope.state = State::Ended;
                return Err(Error::OpenTransaction {
                    tenant,
                    failed: true,
                });
            }
            Err(error) => return Err(Error::Connection(error)),
        };
        let begun = answer.iter().filter_map(row);
        let begun = begun.filter(|row| flag(row, "begun")).last();
        match begun.map(|row| text(row, "before").unwrap_or_default()) {
            None => {
                // It is the caller's, with all that was done in it.
                scope.state = State::Ended;
                Err(Error::OpenTransaction {
                    tenant,
                    failed: false,
                })
            }
            Some("") => Ok(scope),
            Some(_) => Err(Error::SessionHasTenant {
                tenant,
                setting: self.setting.clone(),
            }),
        }
    }

    /// The tenant of the transaction that the connection is in.
    ///
    /// # Errors
    ///
    /// [`Error::NoTenant`] outside of a scope, where queries see nothing without an error.
    ///
    /// ```no_run
    /// # use onward::tenant::{Error, Tenancy};
    /// # async fn example(client: &tokio_postgres::Client) {
    /// if let Err(error @ Error::NoTenant { .. }) = Tenancy::default().current(client).await {
    ///     println!("{error}");
    /// }
    /// # }
    /// ```
    pub async fn current(&self, client: &Client) -> Result<TenantId, Error> {
        let setting = &self.setting;
        let message = fill(
            "SELECT pg_catalog.current_setting({{setting}}, true) AS tenant",
            &[("setting", Fragment::Text(setting.as_str()))],
        );
        let answer = client.simple_query(&message).await;
        let answer = answer.map_err(Error::Connection)?;
        let row = answer.iter().find_map(row);
        match row.and_then(|row| text(row, "tenant")).unwrap_or_default() {
            "" => Err(Error::NoTenant {
                setting: setting.clone(),
            }),
            tenant => tenant.parse().map_err(|source| Error::NotATenant {
                setting: setting.clone(),
                source,
            }),
        }
    }

    /// What stands behind `BEGIN`.
    fn mode(&self) -> String {
        let isolation = match self.isolation {
            None => "",
            Some(IsolationLevel::ReadUncommitted | IsolationLevel::ReadCommitted) => {
                " ISOLATION LEVEL READ COMMITTED"
            }
            Some(IsolationLevel::RepeatableRead) => " ISOLATION LEVEL REPEATABLE READ",
            // Also for a level that the driver adds: the strictest is never wrong.
            Some(_) => " ISOLATION LEVEL SERIALIZABLE",
        };
        let access = match self.access {
            Access::Usual => "",
            Access::ReadOnly => " READ ONLY",
        };
        [isolation, access].concat()
    }
}

/// Begins a transaction of the tenant's, with the setting `app.tenant_id`: see [`Scope`].
///
/// # Errors
///
/// [`Error::OpenTransaction`], [`Error::SessionHasTenant`] and [`Error::Connection`].
///
/// ```no_run
/// # use onward::tenant::{Error, TenantId};
/// # async fn example(client: &mut tokio_postgres::Client, tenant: TenantId) -> Result<(), Box<dyn std::error::Error>> {
/// let scope = onward::tenant::scope(client, tenant).await?;
/// let users = scope.query("SELECT email FROM auth.users", &[]).await?;
/// scope.commit().await?;
/// # Ok(())
/// # }
/// ```
pub async fn scope(client: &mut Client, tenant: TenantId) -> Result<Scope<'_>, Error> {
    Tenancy::default().scope(client, tenant).await
}

/// A transaction of one tenant, on a connection of `tokio_postgres` or of a pool whose objects are one, such as
/// deadpool's.
///
/// It is the connection, for every query that needs no more than `&Client`; statements that were prepared before run in
/// it too. The tenant is set for this transaction only and ends with it, so a pooler in transaction mode is fine.
/// Unless it is committed it is rolled back: when it is dropped, when the future that holds it is dropped, in a panic.
///
/// A scope in a scope does not compile:
///
/// ```compile_fail
/// # use onward::tenant::{scope, Error, TenantId};
/// # async fn example(client: &mut tokio_postgres::Client, one: TenantId, other: TenantId) -> Result<(), Error> {
/// let outer = scope(client, one).await?;
/// let inner = scope(client, other).await?;
/// outer.commit().await
/// # }
/// ```
///
/// A statement inside of it could still set another tenant or end the transaction. [`commit`](Self::commit) refuses
/// what such a statement has left open, and no more can be done against SQL that a stranger has injected: the setting
/// isolates tenants of honest statements.
#[derive(Debug)]
#[must_use = "what is done in a scope is rolled back unless it is committed"]
pub struct Scope<'c> {
    client: &'c mut Client,
    setting: Setting,
    tenant: TenantId,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The connection may be in the scope's transaction.
    Open,
    /// It is not: the transaction has ended, or it is another's.
    Ended,
}

impl Scope<'_> {
    /// Whose it is.
    ///
    /// ```
    /// fn log(scope: &onward::tenant::Scope<'_>) {
    ///     println!("tenant {}", scope.tenant());
    /// }
    /// ```
    #[must_use]
    pub const fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Commits.
    ///
    /// # Errors
    ///
    /// [`Error::TenantChanged`] and [`Error::Failed`], behind which everything is rolled back, and
    /// [`Error::Connection`].
    ///
    /// ```no_run
    /// # async fn example(scope: onward::tenant::Scope<'_>) -> Result<(), onward::tenant::Error> {
    /// scope.commit().await
    /// # }
    /// ```
    pub async fn commit(mut self) -> Result<(), Error> {
        let tenant = self.tenant;
        let id = tenant.to_string();
        let message = fill(
            include_str!("../sql/tenant/commit.sql"),
            &[
                ("setting", Fragment::Text(self.setting.as_str())),
                ("tenant", Fragment::Text(&id)),
            ],
        );
        let Err(error) = self.batch_execute(&message).await else {
            self.state = State::Ended;
            return Ok(());
        };
        Err(match error.code() {
            Some(&SqlState::IN_FAILED_SQL_TRANSACTION) => Error::Failed { tenant },
            Some(code) if code.code() == "ONW20" => Error::TenantChanged {
                tenant,
                setting: self.setting.clone(),
            },
            Some(_) | None => Error::Connection(error),
        })
    }

    /// Rolls back, and waits for it. A dropped scope is rolled back too.
    ///
    /// # Errors
    ///
    /// [`Error::Connection`].
    ///
    /// ```no_run
    /// # async fn example(scope: onward::tenant::Scope<'_>) -> Result<(), onward::tenant::Error> {
    /// scope.rollback().await
    /// # }
    /// ```
    pub async fn rollback(mut self) -> Result<(), Error> {
        let ended = self.batch_execute("ROLLBACK").await;
        ended.map_err(Error::Connection)?;
        self.state = State::Ended;
        Ok(())
    }
}

/// Only what needs no `&mut Client`: `transaction` would be a transaction in a transaction.
impl Deref for Scope<'_> {
    type Target = Client;

    fn deref(&self) -> &Client {
        self.client
    }
}

impl Drop for Scope<'_> {
    fn drop(&mut self) {
        if self.state == State::Open {
            // The first poll puts the message into the connection's queue, before all that others send later. Where the
            // transaction has ended already, the server answers with a warning.
            let mut rollback = pin!(self.client.batch_execute("ROLLBACK"));
            let mut context = Context::from_waker(Waker::noop());
            let _sent = rollback.as_mut().poll(&mut context);
        }
    }
}

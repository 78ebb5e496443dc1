//! A statement that `query!` has checked, with its parameters.

use std::fmt;
use std::marker::PhantomData;

use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Error, GenericClient, Row, Statement};

/// What `query!` makes of a row.
///
/// ```
/// use onward::types::FromRow;
///
/// struct Id(i64);
///
/// impl FromRow for Id {
///     fn from_row(row: tokio_postgres::Row) -> Result<Self, tokio_postgres::Error> {
///         Ok(Self(row.try_get(0)?))
///     }
/// }
/// ```
pub trait FromRow: Sized {
    /// Reads the row.
    ///
    /// # Errors
    ///
    /// A column is not there, or has a value of another type.
    fn from_row(row: Row) -> Result<Self, Error>;
}

/// The row as it is, where the compiler does not know its columns.
impl FromRow for Row {
    fn from_row(row: Row) -> Result<Self, Error> {
        Ok(row)
    }
}

/// A statement with its parameters, written by [`query!`](crate::query); `R` are its rows, and `()` where it returns none.
///
/// If the types of all parameters are known and are the server's own, the statement is sent in one message, without a name: a
/// pooler in transaction mode can pass it on. Otherwise it is prepared first, which asks the server for the types.
///
/// ```
/// onward::schema!(AUTH = "migrations/auth");
///
/// let query = onward::query!(AUTH, "SELECT email FROM auth.users");
/// assert_eq!(query.sql(), "SELECT email FROM auth.users");
/// ```
pub struct Query<'a, R, const N: usize> {
    sql: &'static str,
    params: [&'a (dyn ToSql + Sync); N],
    types: [Option<Type>; N],
    rows: PhantomData<fn() -> R>,
}

impl<'a, R, const N: usize> Query<'a, R, N> {
    #[doc(hidden)]
    #[must_use]
    pub const fn __new(
        sql: &'static str,
        params: [&'a (dyn ToSql + Sync); N],
        types: [Option<Type>; N],
    ) -> Self {
        Self {
            sql,
            params,
            types,
            rows: PhantomData,
        }
    }

    /// The text.
    ///
    /// ```
    /// onward::schema!(AUTH = "migrations/auth");
    ///
    /// let query = onward::query!(AUTH, "DELETE FROM auth.users WHERE email = $1", "a@b.example");
    /// assert_eq!(query.sql(), "DELETE FROM auth.users WHERE email = $1");
    /// ```
    #[must_use]
    pub const fn sql(&self) -> &'static str {
        self.sql
    }

    /// The parameters, for a method of the driver: `client.query(&prepared, query.params())`.
    ///
    /// ```
    /// onward::schema!(AUTH = "migrations/auth");
    ///
    /// let query = onward::query!(AUTH, "DELETE FROM auth.users WHERE email = $1", "a@b.example");
    /// assert_eq!(query.params().len(), 1);
    /// ```
    #[must_use]
    pub const fn params(&self) -> &[&'a (dyn ToSql + Sync)] {
        &self.params
    }

    /// Runs the statement, and returns how many rows it has changed or returned.
    ///
    /// # Errors
    ///
    /// The server refuses it, or the connection ends.
    ///
    /// ```no_run
    /// onward::schema!(AUTH = "migrations/auth");
    ///
    /// # async fn example(client: &tokio_postgres::Client) -> Result<(), tokio_postgres::Error> {
    /// let query = onward::query!(AUTH, "DELETE FROM auth.users WHERE email = $1", "a@b.example");
    /// let deleted: u64 = query.execute(client).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn execute<C: GenericClient + Sync>(&self, client: &C) -> Result<u64, Error> {
        match self.typed() {
            Some(typed) => client.execute_typed(self.sql, &typed).await,
            None => {
                let statement = self.prepare(client).await?;
                client.execute(&statement, &self.params).await
            }
        }
    }

    /// The parameters with their types, if all are known.
    fn typed(&self) -> Option<Vec<(&'a (dyn ToSql + Sync), Type)>> {
        let params = self.params.iter().copied();
        let pairs = params.zip(&self.types);
        pairs
            .map(|(param, of)| Some((param, of.clone()?)))
            .collect()
    }

    async fn prepare<C: GenericClient + Sync>(&self, client: &C) -> Result<Statement, Error> {
        let types = self.types.iter();
        let types: Vec<Type> = types
            .map(|of| of.clone().unwrap_or(Type::UNKNOWN))
            .collect();
        client.prepare_typed(self.sql, &types).await
    }

    async fn rows<C: GenericClient + Sync>(&self, client: &C) -> Result<Vec<Row>, Error> {
        match self.typed() {
            Some(typed) => client.query_typed(self.sql, &typed).await,
            None => {
                let statement = self.prepare(client).await?;
                client.query(&statement, &self.params).await
            }
        }
    }
}

impl<R: FromRow, const N: usize> Query<'_, R, N> {
    /// Runs the statement, and returns its rows.
    ///
    /// # Errors
    ///
    /// The server refuses it, the connection ends, or a value is of another type than the files say.
    ///
    /// ```no_run
    /// onward::schema!(AUTH = "migrations/auth");
    ///
    /// # async fn example(client: &tokio_postgres::Client) -> Result<(), tokio_postgres::Error> {
    /// let users = onward::query!(AUTH, "SELECT email FROM auth.users").all(client).await?;
    /// let first: Option<&String> = users.first().map(|user| &user.email);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn all<C: GenericClient + Sync>(&self, client: &C) -> Result<Vec<R>, Error> {
        let rows = self.rows(client).await?;
        rows.into_iter().map(R::from_row).collect()
    }

    /// Runs the statement, and returns its only row.
    ///
    /// # Errors
    ///
    /// As with [`Query::all`], and if it returns no row or several.
    ///
    /// ```no_run
    /// onward::schema!(AUTH = "migrations/auth");
    ///
    /// # async fn example(client: &tokio_postgres::Client) -> Result<(), tokio_postgres::Error> {
    /// let counted = onward::query!(AUTH, "SELECT count(*) AS users FROM auth.users").one(client).await?;
    /// let users: i64 = counted.users;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn one<C: GenericClient + Sync>(&self, client: &C) -> Result<R, Error> {
        let row = match self.typed() {
            Some(typed) => client.query_typed_one(self.sql, &typed).await?,
            None => {
                let statement = self.prepare(client).await?;
                client.query_one(&statement, &self.params).await?
            }
        };
        R::from_row(row)
    }

    /// Runs the statement, and returns its only row, if there is one.
    ///
    /// # Errors
    ///
    /// As with [`Query::all`], and if it returns several rows.
    ///
    /// ```no_run
    /// onward::schema!(AUTH = "migrations/auth");
    ///
    /// # async fn example(client: &tokio_postgres::Client) -> Result<(), tokio_postgres::Error> {
    /// let query = onward::query!(AUTH, "SELECT email FROM auth.users LIMIT 1");
    /// let email: Option<String> = query.optional(client).await?.map(|user| user.email);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn optional<C: GenericClient + Sync>(&self, client: &C) -> Result<Option<R>, Error> {
        let row = match self.typed() {
            Some(typed) => client.query_typed_opt(self.sql, &typed).await?,
            None => {
                let statement = self.prepare(client).await?;
                client.query_opt(&statement, &self.params).await?
            }
        };
        row.map(R::from_row).transpose()
    }
}

impl<R, const N: usize> fmt::Debug for Query<'_, R, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Query")
            .field("sql", &self.sql)
            .field("params", &self.params)
            .finish()
    }
}

//! The one statement that writes an answer.

use diesel::{
    QueryResult, RunQueryDsl,
    backend::Backend,
    query_builder::{AstPass, QueryFragment, QueryId},
    serialize::ToSql,
    sql_types::{BigInt, HasSqlType, Integer, Text},
};

use crate::{
    assessments::model::AttemptId,
    platform::db::{Moment, UtcTs},
};

/// Writes an answer unless a newer one stands there; executing it gives 1 if it did. Written out here because diesel has each of its own
/// inserts compiled anew, a fifteenth of the time that a save took; both databases understand it as it is.
#[derive(Debug)]
pub struct KeepNewer<'a> {
    pub attempt: AttemptId,
    /// Of the question, counted from 1.
    pub position: i32,
    /// As JSON.
    pub answer: &'a str,
    pub sequence: i64,
    pub saved_at: Moment,
}

impl<DB> QueryFragment<DB> for KeepNewer<'_>
where
    DB: Backend + HasSqlType<UtcTs>,
    AttemptId: ToSql<BigInt, DB>,
    i32: ToSql<Integer, DB>,
    i64: ToSql<BigInt, DB>,
    str: ToSql<Text, DB>,
    Moment: ToSql<UtcTs, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("INSERT INTO attempt_answers (attempt_id, position, answer, sequence, saved_at) VALUES (");
        out.push_bind_param::<BigInt, _>(&self.attempt)?;
        out.push_sql(", ");
        out.push_bind_param::<Integer, _>(&self.position)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(self.answer)?;
        out.push_sql(", ");
        out.push_bind_param::<BigInt, _>(&self.sequence)?;
        out.push_sql(", ");
        out.push_bind_param::<UtcTs, _>(&self.saved_at)?;
        out.push_sql(
            ") ON CONFLICT (attempt_id, position) DO UPDATE \
             SET answer = excluded.answer, sequence = excluded.sequence, saved_at = excluded.saved_at \
             WHERE attempt_answers.sequence < excluded.sequence",
        );
        Ok(())
    }
}

impl QueryId for KeepNewer<'_> {
    type QueryId = KeepNewer<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<Conn> RunQueryDsl<Conn> for KeepNewer<'_> {}

//! One job as its page shows it, and cancelling it.

use domain::{
    Result,
    job::{Job, JobCategory},
};
use store::Scope;

/// One job with the first items that it could not do; [`domain::error::Entity::Job`] not found for a job of another app.
pub async fn get(scope: Scope<'_>, id: i64) -> Result<Job> {
    let (row, troubles) = store::job::row_and_failed_items(scope, id).await?;
    // After the row: a job that is done has its file by then.
    let (file, import) = match row.kind.category() {
        JobCategory::Batch(_) => (None, None),
        JobCategory::Export(_) => (store::export::of_job(scope, id).await?, None),
        JobCategory::Import(_) => (None, store::import::of_job(scope, id).await?),
    };
    Ok(Job { row, troubles, file, import })
}

/// Cancels a job as [`store::job::cancel`] does; the rows of an import that had not begun are deleted with it.
pub async fn cancel(scope: Scope<'_>, id: i64) -> Result<()> {
    let kind = store::job::cancel(scope, id).await?;
    match kind.category() {
        JobCategory::Import(_) => store::import::ended(scope.store, id).await,
        JobCategory::Batch(_) | JobCategory::Export(_) => Ok(()),
    }
}

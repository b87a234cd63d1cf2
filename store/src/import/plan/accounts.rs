//! Compares rows of accounts with the stored accounts.

use std::collections::HashMap;

use domain::{
    Code, Error, FieldError, Result,
    account::{Account, AccountType, Profile},
    application::AppId,
    import::{
        RowProblem,
        check::{self, AccountRow},
        row::ImportRow,
    },
    limits,
};
use serde_json::{Map, Value};

use super::{EarlierRows, Plan, PlannedRow, RowPlan, Values};
use crate::{
    account,
    change::diff,
    db::{Conn, OrFault, json as to_json, query_scalar},
};

impl Plan {
    pub(super) async fn accounts(
        &self,
        db: &mut Conn,
        lines: &[ImportRow],
        earlier: &mut EarlierRows,
    ) -> Result<Vec<PlannedRow>> {
        let rows = self.checked(lines, |line| check::account(|field| self.cell(line, field), self.wire));
        let names: Vec<&str> = rows.iter().flatten().map(|row| row.username.as_str()).collect();
        let stored = crate::account::read_many(&mut *db, self.app, &to_json(&names)?).await?;
        let mut stored: HashMap<String, Account> =
            stored.into_iter().map(|account| (account.username.clone(), account)).collect();
        let new_admin =
            |row: &AccountRow| row.account_type == Some(AccountType::Admin) && !stored.contains_key(row.username.as_str());
        let mut admins = if rows.iter().flatten().any(new_admin) { admins(db, self.app).await? + earlier.admins } else { 0 };
        let mut planned = Vec::with_capacity(lines.len());
        for (line, row) in lines.iter().zip(rows) {
            let what = match row {
                Err(trouble) => RowPlan::Refused(trouble),
                Ok(row) => match stored.remove(row.username.as_str()) {
                    Some(account) => compare(&row, &account)?,
                    None if row.account_type == Some(AccountType::Admin) && admins >= limits::APP_ADMINS => {
                        let code = Code::TooManyAdmins { max: limits::APP_ADMINS };
                        RowPlan::Refused(RowProblem::Fields(vec![FieldError { field: "type".to_owned(), code }]))
                    }
                    None => {
                        if row.account_type == Some(AccountType::Admin) {
                            admins += 1;
                            earlier.admins += 1;
                        }
                        new(&row)?
                    }
                },
            };
            planned.push(self.planned(line, what));
        }
        Ok(planned)
    }
}

async fn admins(db: &mut Conn, app: AppId) -> Result<u32> {
    let admins: i64 = query_scalar("SELECT count(*) FROM account WHERE app_id = $1 AND type = 'Admin'")
        .bind(app.key())
        .fetch_one(db)
        .await
        .or_fault()?;
    Ok(u32::try_from(admins).unwrap_or(u32::MAX))
}

fn object(profile: &Profile) -> Result<Map<String, Value>> {
    match serde_json::to_value(profile) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(Error::Internal("a profile is no object".to_owned())),
        Err(error) => Err(Error::Internal(error.to_string())),
    }
}

fn new(row: &AccountRow) -> Result<RowPlan> {
    let profile = row.profile(&Profile::default());
    let account_type = row.account_type.unwrap_or(AccountType::General);
    let values = object(&profile)?;
    // The event has what differs from an empty account, and what the console's own dialog would record.
    let mut plain = object(&Profile::default())?;
    plain.retain(|field, _| !matches!(field.as_str(), "nickname" | "image"));
    let mut after = Map::from_iter([
        ("username".to_owned(), row.username.as_str().into()),
        ("type".to_owned(), account_type.as_str().into()),
    ]);
    after.extend(values.iter().filter(|(field, value)| plain.get(*field) != Some(value)).map(|(f, v)| (f.clone(), v.clone())));
    let created_at = row.created_at.map(|created| created.at);
    if let Some(at) = created_at {
        after.insert("created_at".to_owned(), at.into());
    }
    let insert = Values::Account(account::rows::row(&row.username, account_type, &profile, created_at, None));
    Ok(RowPlan::New { insert, after: Value::Object(after) })
}

fn compare(row: &AccountRow, stored: &Account) -> Result<RowPlan> {
    if row.account_type.is_some_and(|account_type| account_type != stored.account_type) {
        return Ok(RowPlan::Refused(RowProblem::TypeIsFixed));
    }
    let profile = row.profile(&stored.profile);
    let created_at =
        row.created_at.filter(|created| !created.is(stored.created_at)).map_or(stored.created_at, |created| created.at);
    if *profile == stored.profile && created_at == stored.created_at {
        return Ok(RowPlan::Unchanged);
    }
    let (mut before, mut after) = (object(&stored.profile)?, object(&profile)?);
    before.insert("created_at".to_owned(), stored.created_at.into());
    after.insert("created_at".to_owned(), created_at.into());
    Ok(match diff(Value::Object(before), Value::Object(after)) {
        None => RowPlan::Unchanged,
        Some((before, after)) => {
            let update = account::rows::row(&row.username, stored.account_type, &profile, Some(created_at), None);
            RowPlan::Changed { update: Values::Account(update), before, after }
        }
    })
}

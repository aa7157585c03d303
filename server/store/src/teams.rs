//! Teams: namespaces, members and roles.

use crate::error::{DbResult, answer, damaged};
use crate::open::{SqliteStore, touched};
use async_trait::async_trait;
use domain::account::{Member, Role, Team};
use domain::{Namespace, TeamName, Username};
use service::ports::{StoreError, StoreResult, TeamState, Teams};
use sqlx::{FromRow, Sqlite, Transaction};
use std::collections::BTreeMap;

fn namespace(text: String) -> DbResult<Namespace> {
    Namespace::parse(text).map_err(|_| damaged("namespace"))
}

fn team_name(text: String) -> DbResult<TeamName> {
    TeamName::parse(text).map_err(|_| damaged("team name"))
}

fn role(text: &str) -> DbResult<Role> {
    Role::from_slug(text).ok_or_else(|| damaged("role"))
}

#[derive(FromRow)]
struct TeamRow {
    id: i64,
    #[sqlx(try_from = "String")]
    name: TeamName,
}

#[derive(FromRow)]
struct NamespaceRow {
    team_id: i64,
    #[sqlx(try_from = "String")]
    namespace: Namespace,
}

#[derive(FromRow)]
struct MemberRow {
    team_id: i64,
    user_id: i64,
    #[sqlx(try_from = "String")]
    name: Username,
    display: String,
    role: String,
}

impl MemberRow {
    fn member(self) -> DbResult<Member> {
        Ok(Member { user_id: self.user_id, user: self.name, display: self.display, role: role(&self.role)? })
    }
}

/// A role of a user.
#[derive(FromRow)]
struct RoleRow {
    #[sqlx(try_from = "String")]
    team: TeamName,
    #[sqlx(try_from = "String")]
    namespace: Namespace,
    role: String,
}

async fn put_namespaces(tx: &mut Transaction<'_, Sqlite>, team_id: i64, namespaces: &[Namespace]) -> DbResult<()> {
    for namespace in namespaces {
        sqlx::query("INSERT OR IGNORE INTO team_namespace (team_id, namespace) VALUES (?, ?)")
            .bind(team_id)
            .bind(namespace.as_str())
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

async fn team_now(tx: &mut Transaction<'_, Sqlite>, id: i64) -> DbResult<TeamState> {
    let name: Option<String> = sqlx::query_scalar("SELECT name FROM team WHERE id = ?").bind(id).fetch_optional(&mut **tx).await?;
    let namespaces: Vec<String> =
        sqlx::query_scalar("SELECT namespace FROM team_namespace WHERE team_id = ? ORDER BY namespace").bind(id).fetch_all(&mut **tx).await?;
    let namespaces = namespaces.into_iter().map(namespace).collect::<DbResult<_>>()?;
    Ok(TeamState { name: team_name(name.ok_or(StoreError::Missing)?)?, namespaces })
}

#[async_trait]
impl Teams for SqliteStore {
    async fn teams(&self) -> StoreResult<Vec<Team>> {
        answer(async {
            let mut teams = BTreeMap::new();
            let mut tx = self.readers.begin().await?;
            let rows: Vec<TeamRow> = sqlx::query_as("SELECT id, name FROM team").fetch_all(&mut *tx).await?;
            for TeamRow { id, name } in rows {
                teams.insert(id, Team { id, name, namespaces: Vec::new(), members: Vec::new() });
            }
            let namespaces: Vec<NamespaceRow> = sqlx::query_as("SELECT team_id, namespace FROM team_namespace ORDER BY namespace").fetch_all(&mut *tx).await?;
            for row in namespaces {
                if let Some(team) = teams.get_mut(&row.team_id) {
                    team.namespaces.push(row.namespace);
                }
            }
            let members: Vec<MemberRow> =
                sqlx::query_as("SELECT team_id, user_id, name, display, role FROM team_member JOIN user ON user.id = user_id ORDER BY name")
                    .fetch_all(&mut *tx)
                    .await?;
            for row in members {
                if let Some(team) = teams.get_mut(&row.team_id) {
                    team.members.push(row.member()?);
                }
            }
            let mut teams: Vec<Team> = teams.into_values().collect();
            teams.sort_by(|a, b| a.name.cmp(&b.name));
            Ok(teams)
        })
        .await
    }

    async fn create_team(&self, name: &TeamName, namespaces: &[Namespace]) -> StoreResult<i64> {
        answer(async {
            let mut tx = self.durable.begin_with("BEGIN IMMEDIATE").await?;
            let id = sqlx::query("INSERT INTO team (name) VALUES (?)").bind(name.as_str()).execute(&mut *tx).await?.last_insert_rowid();
            put_namespaces(&mut tx, id, namespaces).await?;
            tx.commit().await?;
            Ok(id)
        })
        .await
    }

    async fn update_team(&self, id: i64, from: Option<&TeamState>, to: &TeamState) -> StoreResult<()> {
        answer(async {
            let mut tx = self.durable.begin_with("BEGIN IMMEDIATE").await?;
            let now = team_now(&mut tx, id).await?;
            if from.is_some_and(|from| *from != now) {
                return Err(StoreError::Changed.into());
            }
            sqlx::query("UPDATE team SET name = ? WHERE id = ?").bind(to.name.as_str()).bind(id).execute(&mut *tx).await?;
            sqlx::query("DELETE FROM team_namespace WHERE team_id = ?").bind(id).execute(&mut *tx).await?;
            put_namespaces(&mut tx, id, &to.namespaces).await?;
            Ok(tx.commit().await?)
        })
        .await
    }

    async fn delete_team(&self, id: i64) -> StoreResult<()> {
        answer(async { touched(&sqlx::query("DELETE FROM team WHERE id = ?").bind(id).execute(&self.durable).await?) }).await
    }

    async fn set_member(&self, team_id: i64, user_id: i64, role: Option<Role>) -> StoreResult<()> {
        answer(async {
            let done = match role {
                Some(role) => {
                    sqlx::query(
                        "INSERT INTO team_member (team_id, user_id, role) SELECT team.id, user.id, ?3 FROM team, user WHERE team.id = ?1 AND user.id = ?2
                     ON CONFLICT (team_id, user_id) DO UPDATE SET role = excluded.role",
                    )
                    .bind(team_id)
                    .bind(user_id)
                    .bind(role.slug())
                    .execute(&self.durable)
                    .await
                }
                None => sqlx::query("DELETE FROM team_member WHERE team_id = ? AND user_id = ?").bind(team_id).bind(user_id).execute(&self.durable).await,
            };
            touched(&done?)
        })
        .await
    }

    async fn members(&self, team_id: i64) -> StoreResult<Vec<Member>> {
        answer(async {
            let rows: Vec<MemberRow> =
                sqlx::query_as("SELECT team_id, user_id, name, display, role FROM team_member JOIN user ON user.id = user_id WHERE team_id = ? ORDER BY name")
                    .bind(team_id)
                    .fetch_all(&self.readers)
                    .await?;
            rows.into_iter().map(MemberRow::member).collect()
        })
        .await
    }

    async fn roles_of(&self, user_id: i64) -> StoreResult<Vec<(TeamName, Namespace, Role)>> {
        answer(async {
            let rows: Vec<RoleRow> = sqlx::query_as(
                "SELECT team.name AS team, namespace, role FROM team_member JOIN team ON team.id = team_member.team_id
             JOIN team_namespace ON team_namespace.team_id = team.id WHERE user_id = ? ORDER BY namespace, team.name",
            )
            .bind(user_id)
            .fetch_all(&self.readers)
            .await?;
            rows.into_iter().map(|row| Ok((row.team, row.namespace, role(&row.role)?))).collect()
        })
        .await
    }
}

//! Which system account runs PostgreSQL.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use anyhow::{Context, bail};
use tokio::process::Command;

/// The system user that PostgreSQL falls back to when Parta is started by root.
const SYSTEM_USER: &str = "postgres";

/// A system account, and whether Parta must switch to it to run PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    uid: u32,
    gid: u32,
    switch: bool,
}

impl Account {
    /// Chooses the account for a data folder: ourselves, or, when we are root, the owner of the cluster, of the data
    /// folder, or the system user `postgres`, whichever first is not root.
    pub fn choose(data: &Path, cluster: &Path) -> anyhow::Result<Self> {
        let me = fs::metadata("/proc/self").context("cannot read /proc to learn which account this is")?;
        if me.uid() != 0 {
            return Ok(Self {
                uid: me.uid(),
                gid: me.gid(),
                switch: false,
            });
        }
        for folder in [cluster, data] {
            if let Ok(owner) = fs::metadata(folder)
                && owner.uid() != 0
            {
                return Ok(Self {
                    uid: owner.uid(),
                    gid: owner.gid(),
                    switch: true,
                });
            }
        }
        let users = fs::read_to_string("/etc/passwd").context("cannot read /etc/passwd")?;
        match find_user(&users, SYSTEM_USER) {
            Some((uid, gid)) if uid != 0 => Ok(Self {
                uid,
                gid,
                switch: true,
            }),
            _ => bail!(
                "PostgreSQL does not run as root and there is no user `{SYSTEM_USER}`: \
                 install the Debian package `postgresql`, or give the data folder {} to an ordinary user",
                data.display()
            ),
        }
    }

    /// The account's user id.
    pub fn uid(self) -> u32 {
        self.uid
    }

    /// Whether this is another account than the one that Parta runs as.
    pub fn switches(self) -> bool {
        self.switch
    }

    /// A command that runs as this account, in `/`, in plain English, and blind to the caller's `PG…` variables.
    pub fn command(self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir("/").env("LC_ALL", "C.UTF-8");
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PG") {
                command.env_remove(name);
            }
        }
        if self.switch {
            // The standard library drops the supplementary groups together with the user id.
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Gives a file or folder of ours to this account.
    pub fn own(self, path: &Path) -> io::Result<()> {
        if self.switch {
            std::os::unix::fs::chown(path, Some(self.uid), Some(self.gid))
        } else {
            Ok(())
        }
    }
}

/// Finds user and group id of `name` in the text of `/etc/passwd`.
fn find_user(users: &str, name: &str) -> Option<(u32, u32)> {
    let mut fields = users
        .lines()
        .map(|line| line.split(':'))
        .find_map(|mut fields| (fields.next() == Some(name)).then_some(fields))?;
    let uid = fields.nth(1)?.parse().ok()?;
    let gid = fields.next()?.parse().ok()?;
    Some((uid, gid))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_found_by_its_whole_name() {
        let users =
            "root:x:0:0:root:/root:/bin/bash\npostgres2:x:1:1::/:\npostgres:x:101:104:PG,,,:/var:/bin/sh\n";
        assert_eq!(find_user(users, "postgres"), Some((101, 104)));
        assert_eq!(find_user(users, "post"), None);
        assert_eq!(find_user("postgres:x:broken", "postgres"), None);
    }
}

//! The settings of the embedded cluster, written before every start.

use std::path::Path;

/// Whether what is committed must outlive a crash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// Yes: people's work.
    #[default]
    Safe,
    /// No: tests and preparations, three times as fast.
    ThrowAway,
}

/// What `postgresql.conf` gets once: our file, and after it a file that belongs to the administrator.
pub const INCLUDES: &str = "\n# Parta writes parta.conf before every start; put your own settings into local.conf.\n\
    include = 'parta.conf'\ninclude_if_exists = 'local.conf'\n";

/// The text of `parta.conf`.
pub fn text(sockets: &Path, durability: Durability) -> String {
    let sockets = sockets.to_string_lossy().replace('\'', "''");
    let durability = match durability {
        Durability::Safe => "fsync = on\nfull_page_writes = on\nsynchronous_commit = on\n",
        Durability::ThrowAway => "fsync = off\nfull_page_writes = off\nsynchronous_commit = off\n",
    };
    format!(
        "# Written by Parta before every start; your own settings belong into local.conf beside this file.\n\
         \n\
         # Reached through the socket alone, whose folder only this account can enter.\n\
         listen_addresses = ''\n\
         port = 5432\n\
         unix_socket_directories = '{sockets}'\n\
         unix_socket_permissions = 0700\n\
         max_connections = 80\n\
         cluster_name = 'parta'\n\
         timezone = 'UTC'\n\
         \n\
         # A small server of two cores with a solid state disk.\n\
         shared_buffers = 256MB\n\
         effective_cache_size = 1GB\n\
         work_mem = 8MB\n\
         maintenance_work_mem = 128MB\n\
         random_page_cost = 1.1\n\
         max_wal_size = 2GB\n\
         checkpoint_timeout = 15min\n\
         wal_compression = on\n\
         jit = off\n\
         {durability}\
         \n\
         # A week of logs without anybody's data: no parameters, no values of rows.\n\
         logging_collector = on\n\
         log_directory = 'log'\n\
         log_filename = 'postgresql-%a.log'\n\
         log_truncate_on_rotation = on\n\
         log_rotation_age = 1d\n\
         log_rotation_size = 0\n\
         log_timezone = 'UTC'\n\
         log_error_verbosity = terse\n\
         log_parameter_max_length = 0\n\
         log_parameter_max_length_on_error = 0\n\
         log_min_error_statement = panic\n\
         log_min_duration_statement = 2s\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_in_the_path_stays_inside_the_string() {
        let text = text(Path::new("/srv/o'brien/run"), Durability::Safe);
        assert!(text.contains("unix_socket_directories = '/srv/o''brien/run'\n"));
        assert!(text.contains("\nfsync = on\n"));
    }
}

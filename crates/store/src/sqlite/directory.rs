//! The data directory: its permissions and who holds it.

use crate::error::OpenError;
use std::{
    fs::{DirBuilder, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

/// For the owner alone.
const DIRECTORY_MODE: u32 = 0o700;
/// For the owner alone. SQLite gives its side files the mode of the database.
const FILE_MODE: u32 = 0o600;

/// A data directory that no other process can hold. The operating system releases it when this
/// process ends, however it ends.
#[derive(Debug)]
pub(super) struct DataDirectory {
    path: PathBuf,
    /// Locked while it is open.
    _lock: File,
}

impl DataDirectory {
    /// Creates the directory and an empty database file where they are not, and takes the lock.
    pub(super) fn hold(path: &Path) -> Result<Self, OpenError> {
        let failed = |source: io::Error| OpenError::Directory {
            directory: path.to_owned(),
            source,
        };
        DirBuilder::new()
            .recursive(true)
            .mode(DIRECTORY_MODE)
            .create(path)
            .map_err(failed)?;
        let lock = private_file(&path.join("lock")).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(OpenError::InUse(path.to_owned())),
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let directory = Self {
            path: path.to_owned(),
            _lock: lock,
        };
        private_file(&directory.database()).map_err(failed)?;
        Ok(directory)
    }

    /// The directory.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The database file.
    pub(super) fn database(&self) -> PathBuf {
        self.path.join("pretil.db")
    }

    /// Makes the names of new files last: a file is on disk only when its directory is.
    pub(super) fn sync(&self) -> Result<(), OpenError> {
        let parent = self
            .path
            .parent()
            .filter(|path| !path.as_os_str().is_empty());
        for directory in [Some(self.path.as_path()), parent].into_iter().flatten() {
            let synced = File::open(directory).and_then(|directory| directory.sync_all());
            // A parent that may not be read is not ours to sync.
            if let Err(source) = synced
                && directory == self.path
            {
                return Err(OpenError::Directory {
                    directory: self.path.clone(),
                    source,
                });
            }
        }
        Ok(())
    }
}

/// Opens a file for the owner alone, creating it if it is not there.
fn private_file(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(FILE_MODE)
        .open(path)
}

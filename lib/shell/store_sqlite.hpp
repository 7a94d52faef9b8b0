#pragma once
// The store on disk: one SQLite database in the data directory, one writer, one reader beside it.

#include <memory>
#include <string>

#include "base/result.hpp"
#include "core/limits.hpp"
#include "shell/store.hpp"

namespace tocsin::shell {

inline constexpr const char* database_file = "tocsin.db";
inline constexpr const char* lock_file = "tocsin.lock";
inline constexpr const char* ballast_file = "tocsin.ballast";

struct SqliteOptions {
    std::string data_dir;    // created with mode 0700 when absent
    std::string install_id;  // for a new database only: 128 bits of real randomness in hex
    Retention retention = {};
    /// Space that is given back when the disk is full; grows to twice the largest WAL seen.
    std::size_t ballast_bytes = core::limits::ballast_bytes_min;
};

/// Opens or creates `<data_dir>/tocsin.db` (mode 0600; WAL, synchronous=FULL), checks and migrates
/// it, and holds `<data_dir>/tocsin.lock` for as long as the store lives. Use it from one thread.
/// Errors: those of Store, each naming the file and what to do.
Result<std::unique_ptr<Store>> open_sqlite(const SqliteOptions& options);

/// A `query_only` connection to the same database; open it after the store. It never checkpoints.
Result<std::unique_ptr<ReadStore>> open_sqlite_reader(const std::string& data_dir);

}  // namespace tocsin::shell

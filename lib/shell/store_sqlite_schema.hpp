#pragma once
// The database's identity and schema: whose it is, which version, and how it moves forward.

#include <span>
#include <string>

#include "base/result.hpp"
#include "shell/store_sqlite_connection.hpp"

namespace tocsin::shell::sqlite {

/// Entry i is the SQL that takes schema i to i + 1; released ones are never changed.
std::span<const char* const> migrations();

/// Whose the file is, without touching it: 0 for an empty one, else its schema version. Errors:
/// `foreign`, `newer`, …
Result<long> identify(Connection& connection, long version_known);

/// The same, and whether the file is sound (quick_check): else `corrupt`.
Result<long> inspect(Connection& connection, long version_known);

/// Brings schema `from` up to the last one in a single transaction. An older database is first
/// copied to `<path>.v<from>`; a new one gets its application id and `install_id`.
Status migrate(Connection& connection, long from, const std::string& install_id,
               std::span<const char* const> steps);

}  // namespace tocsin::shell::sqlite

#pragma once
// The errors of a store on disk, each naming the file and what to do.

#include <string>

#include "base/result.hpp"

namespace tocsin::shell::store_errors {

/// `path` is the file, `detail` what the system or SQLite said.
Error disk_full(const std::string& path, const std::string& detail);
Error read_only(const std::string& path, const std::string& detail);
Error corrupt(const std::string& path, const std::string& detail);
Error foreign(const std::string& path);
Error newer(const std::string& path, long version, long version_known);
Error locked(const std::string& path, const std::string& holder);
Error io(const std::string& path, const std::string& detail);
/// The one of these that an errno of open(), write(), … means.
Error from_errno(const std::string& path, int error_number);

}  // namespace tocsin::shell::store_errors

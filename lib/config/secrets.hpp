#pragma once
// Fetches secrets from files, the environment and systemd's credentials.

#include <string>

#include "config/files.hpp"
#include "schema/reader.hpp"

namespace tocsin::config {

/// Relative paths are relative to `folder`. One trailing line break is cut; a further one inside is
/// refused, because it would end an HTTP header. Errors name the place and never the secret; the
/// code is `no_credentials` where systemd passes none at all.
[[nodiscard]] Result<std::string> fetch_secret(const schema::SecretRef& ref,
                                               const std::string& folder, const Files& files);

/// `path` as seen from `folder`.
[[nodiscard]] std::string resolve_path(const std::string& folder, const std::string& path);
/// The folder of a file, with its slash; empty for the working directory.
[[nodiscard]] std::string folder_of(const std::string& path);

}  // namespace tocsin::config

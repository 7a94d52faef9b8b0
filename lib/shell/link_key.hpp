#pragma once
// The secret under which page links are signed: a file of its own beside the database.

#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace tocsin::shell {

inline constexpr const char* link_key_file = "link.key";
inline constexpr std::size_t link_key_bytes = 32;

struct LinkKey {
    Secret secret;
    std::string warning;  // the file could not be made: links end with this process
};

/// Reads `data_dir`/link.key, or makes it (mode 0600, from the kernel's random numbers, on disk
/// before it is used). It is no part of the database, so that neither a backup of that nor a reader
/// of it can open a page. An error (`link_key`, with the path and what to do) if it is there but
/// cannot be read, is open to others, or is no key: to start with another one in silence would
/// void links that people were just sent. A disk that is too full to make it is only a warning.
[[nodiscard]] Result<LinkKey> open_link_key(const std::string& data_dir);

}  // namespace tocsin::shell

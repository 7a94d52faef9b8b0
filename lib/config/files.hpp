#pragma once
// Files: how configuration is read, as an interface, so that tests need no disk.

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace tocsin::config {

class Files {
public:
    virtual ~Files() = default;
    /// The whole file, at most limits::rule_file_bytes_max; errors name the path and the cause.
    [[nodiscard]] virtual Result<std::string> read(const std::string& path) const = 0;
    /// Sorted matches of a glob pattern; a plain path matches itself if it exists.
    [[nodiscard]] virtual std::vector<std::string> glob(const std::string& pattern) const = 0;
    [[nodiscard]] virtual std::optional<std::string> environment(const std::string& name) const = 0;
};

/// The real disk and environment.
class DiskFiles final : public Files {
public:
    [[nodiscard]] Result<std::string> read(const std::string& path) const override;
    [[nodiscard]] std::vector<std::string> glob(const std::string& pattern) const override;
    [[nodiscard]] std::optional<std::string> environment(const std::string& name) const override;
};

}  // namespace tocsin::config

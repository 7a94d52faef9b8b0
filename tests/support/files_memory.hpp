#pragma once
// Files in memory: what a test says is on the disk, and nothing else.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/files.hpp"

namespace tocsin::config {

class MemoryFiles final : public Files {
public:
    std::map<std::string, std::string> files;
    std::map<std::string, std::string> variables;

    [[nodiscard]] Result<std::string> read(const std::string& path) const override {
        const auto found = files.find(path);
        if (found != files.end()) return found->second;
        return Error{.code = "unreadable",
                     .message = path + " cannot be read: No such file or directory",
                     .field = path};
    }

    /// `*` at one place of the pattern.
    [[nodiscard]] std::vector<std::string> glob(const std::string& pattern) const override {
        const std::size_t star = pattern.find('*');
        const std::string head = pattern.substr(0, star);
        const std::string tail = star == std::string::npos ? "" : pattern.substr(star + 1);
        std::vector<std::string> paths;
        for (const auto& [path, text] : files) {
            if (path.starts_with(head) && path.ends_with(tail)) paths.push_back(path);
        }
        return paths;
    }

    [[nodiscard]] std::optional<std::string> environment(const std::string& name) const override {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    }
};

}  // namespace tocsin::config

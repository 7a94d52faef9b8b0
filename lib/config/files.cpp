// Files of the real disk: bounded reads, POSIX globs, the environment.
#include "config/files.hpp"

#include <glob.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "core/limits.hpp"

namespace tocsin::config {
namespace {

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using FilePtr = std::unique_ptr<std::FILE, CloseFile>;

Error failure(const std::string& path, const std::string& cause) {
    return {.code = "unreadable", .message = path + " cannot be read: " + cause, .field = path};
}

}  // namespace

Result<std::string> DiskFiles::read(const std::string& path) const {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return failure(path, std::strerror(errno));
    // A directory or a pipe would be read as something else than its content, or for ever.
    if (!S_ISREG(status.st_mode)) return failure(path, "it is not a regular file");
    const FilePtr file(std::fopen(path.c_str(), "rbe"));
    if (!file) return failure(path, std::strerror(errno));
    constexpr std::size_t most = core::limits::rule_file_bytes_max;
    std::string text(most + 1, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), file.get()));
    if (std::ferror(file.get()) != 0) return failure(path, std::strerror(errno));
    if (text.size() > most) {
        return failure(path, "it is larger than " + std::to_string(most) + " bytes");
    }
    text.shrink_to_fit();
    return text;
}

std::vector<std::string> DiskFiles::glob(const std::string& pattern) const {
    std::vector<std::string> paths;
    glob_t found{};
    if (::glob(pattern.c_str(), 0, nullptr, &found) == 0) {
        for (std::size_t i = 0; i < found.gl_pathc; ++i) paths.emplace_back(found.gl_pathv[i]);
    }
    ::globfree(&found);
    return paths;  // glob(3) sorts
}

std::optional<std::string> DiskFiles::environment(const std::string& name) const {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

}  // namespace tocsin::config

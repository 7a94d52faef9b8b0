// Durable appends with O_APPEND and fsync, and lookups that read in bounded pieces.
#include "shell/net_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>

namespace tocsin::shell {
namespace {

using integrations::Answer;

constexpr std::size_t piece_bytes = 64 * 1024;

class Descriptor {
public:
    explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
    ~Descriptor() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return descriptor_; }

private:
    int descriptor_;
};

Answer failure(const std::string& what, const std::string& path) {
    const bool full = errno == ENOSPC || errno == EDQUOT;
    return {.kind = Answer::Kind::answered,
            .status = full ? 507 : 500,
            .headers = {},
            .body = {},
            .error = "cannot " + what + " " + path + ": " + std::strerror(errno)};
}

Answer status(int code) {
    return {.kind = Answer::Kind::answered, .status = code, .headers = {}, .body = {}, .error = {}};
}

bool ends_mid_line(int descriptor, off_t size) {
    char last = '\n';
    return size > 0 && ::pread(descriptor, &last, 1, size - 1) == 1 && last != '\n';
}

bool write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t wrote = ::write(descriptor, bytes.data(), bytes.size());
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(wrote));
    }
    return true;
}

/// A new file is only durable when its directory is.
bool sync_directory_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const Descriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return opened.get() >= 0 && ::fsync(opened.get()) == 0;
}

}  // namespace

Answer append_to_file(const integrations::FileAppend& request) {
    const Descriptor file(
        ::open(request.path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0640));
    struct stat before {};
    if (file.get() < 0 || ::fstat(file.get(), &before) != 0) return failure("open", request.path);
    std::string line = ends_mid_line(file.get(), before.st_size) ? "\n" : "";
    line += request.line;
    line += '\n';
    if (!write_all(file.get(), line)) return failure("append to", request.path);
    if (::fsync(file.get()) != 0) return failure("fsync", request.path);
    if (before.st_size == 0 && !sync_directory_of(request.path)) {
        return failure("fsync the directory of", request.path);
    }
    return status(200);
}

Answer find_in_file(const integrations::FileFind& request) {
    const Descriptor file(::open(request.path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) return errno == ENOENT ? status(404) : failure("open", request.path);
    std::string window;
    std::string piece(piece_bytes, '\0');
    while (true) {
        const ssize_t got = ::read(file.get(), piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failure("read", request.path);
        if (got == 0) return status(404);
        window.append(piece, 0, static_cast<std::size_t>(got));
        if (window.find(request.text) != std::string::npos) return status(200);
        // What could be the beginning of the text stays for the next piece.
        const std::size_t keep = request.text.empty() ? 0 : request.text.size() - 1;
        if (window.size() > keep) window.erase(0, window.size() - keep);
    }
}

}  // namespace tocsin::shell

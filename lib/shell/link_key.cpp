// Reads or makes link.key by plain system calls.
#include "shell/link_key.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "shell/random.hpp"
#include "shell/store_files.hpp"

namespace tocsin::shell {
namespace {

Error trouble(const std::string& path, const std::string& what) {
    return Error{"link_key", path + ": " + what +
                                 " (it signs the links in pages; without the file a new one is "
                                 "made at the start, and links sent before stop working)"};
}

Result<Secret> read_key(const std::string& path, int descriptor) {
    struct stat info {};
    if (::fstat(descriptor, &info) != 0) return trouble(path, std::strerror(errno));
    if (!S_ISREG(info.st_mode)) return trouble(path, "is no file");
    if ((info.st_mode & 077U) != 0) {
        return trouble(path, "others may read it: chmod 600, or remove it if it has been read");
    }
    std::array<char, link_key_bytes + 1> bytes{};
    const ssize_t size = ::pread(descriptor, bytes.data(), bytes.size(), 0);
    if (size < 0) return trouble(path, std::strerror(errno));
    if (static_cast<std::size_t>(size) != link_key_bytes) {
        return trouble(path, "is not a key of 32 bytes: remove it");
    }
    return Secret(std::string(bytes.data(), link_key_bytes));
}

/// By rename, so that no crash leaves half a key.
bool write_key(const std::string& data_dir, const std::string& path, const std::string& key) {
    const std::string fresh = path + ".new";
    ::unlink(fresh.c_str());
    bool written = false;
    {
        const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
        const OwnedFile file(::open(fresh.c_str(), flags, 0600));
        written = file.get() >= 0 &&
                  ::write(file.get(), key.data(), key.size()) == static_cast<ssize_t>(key.size()) &&
                  ::fsync(file.get()) == 0;
    }
    if (!written || std::rename(fresh.c_str(), path.c_str()) != 0) {
        ::unlink(fresh.c_str());
        return false;
    }
    const OwnedFile directory(::open(data_dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return directory.get() >= 0 && ::fsync(directory.get()) == 0;
}

}  // namespace

Result<LinkKey> open_link_key(const std::string& data_dir) {
    const std::string path = data_dir + "/" + link_key_file;
    const OwnedFile file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (file.get() >= 0) {
        auto secret = read_key(path, file.get());
        if (!secret) return secret.error();
        return LinkKey{.secret = *std::move(secret), .warning = {}};
    }
    if (errno != ENOENT) return trouble(path, std::strerror(errno));
    const std::string key = random_bytes(link_key_bytes);
    LinkKey made{.secret = Secret(key), .warning = {}};
    if (!write_key(data_dir, path, key)) {
        made.warning = path + " could not be written: links in pages work until tocsin restarts";
    }
    return made;
}

}  // namespace tocsin::shell

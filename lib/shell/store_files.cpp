// The files beside the database: lock, private creation, ballast, by plain system calls.

#include "shell/store_files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "core/limits.hpp"
#include "shell/store_errors.hpp"

namespace tocsin::shell {

namespace {

constexpr mode_t private_file = 0600;

int open_private(const std::string& path, int flags) {
    return ::open(path.c_str(), flags | O_RDWR | O_CREAT | O_CLOEXEC, private_file);
}

std::string holder_of(int descriptor) {
    char text[32] = {};
    const ssize_t bytes = ::pread(descriptor, text, sizeof text - 1, 0);
    const std::string pid(text, static_cast<std::size_t>(std::max<ssize_t>(bytes, 0)));
    const std::size_t digits = std::min(pid.find_first_not_of("0123456789"), pid.size());
    return digits == 0 ? "another process" : "process " + pid.substr(0, digits);
}

}  // namespace

OwnedFile::OwnedFile(OwnedFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

OwnedFile& OwnedFile::operator=(OwnedFile&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

OwnedFile::~OwnedFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Status make_data_directory(const std::string& directory) {
    std::error_code error;
    if (std::filesystem::is_directory(directory, error)) return {};
    std::filesystem::create_directories(directory, error);
    if (error) return store_errors::from_errno(directory, error.value());
    ::chmod(directory.c_str(), 0700);
    return {};
}

Result<OwnedFile> lock_exclusively(const std::string& path) {
    OwnedFile file(open_private(path, 0));
    if (file.get() < 0) return store_errors::from_errno(path, errno);
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) return store_errors::locked(path, holder_of(file.get()));
        return store_errors::from_errno(path, errno);
    }
    // The pid is for people; on a full disk the lock holds without it.
    const std::string pid = std::to_string(::getpid()) + "\n";
    if (::ftruncate(file.get(), 0) == 0) {
        [[maybe_unused]] const ssize_t written = ::pwrite(file.get(), pid.data(), pid.size(), 0);
    }
    return file;
}

Status create_private_file(const std::string& path) {
    const OwnedFile file(open_private(path, 0));
    if (file.get() < 0) return store_errors::from_errno(path, errno);
    const std::string directory = std::filesystem::path(path).parent_path();
    const OwnedFile parent(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (parent.get() < 0 || ::fsync(parent.get()) != 0) {
        return store_errors::from_errno(directory, errno);
    }
    return {};
}

// ---- Ballast

void Ballast::grow_to(std::uint64_t bytes) {
    bytes_ = std::max(bytes_, std::min<std::uint64_t>(bytes, core::limits::ballast_bytes_max));
}

std::uint64_t Ballast::held() const {
    struct stat info {};
    if (::stat(path_.c_str(), &info) != 0) return 0;
    return static_cast<std::uint64_t>(info.st_size);
}

void Ballast::restore() {
    const std::uint64_t held_now = held();
    if (held_now >= bytes_) return;
    const OwnedFile file(open_private(path_, 0));
    struct statvfs system {};
    if (file.get() < 0 || ::fstatvfs(file.get(), &system) != 0) return;
    const std::uint64_t free = std::uint64_t{system.f_bavail} * system.f_frsize;
    const bool room = free >= 2 * (bytes_ - held_now);
    if (room && ::posix_fallocate(file.get(), 0, static_cast<off_t>(bytes_)) == 0) return;
    // What was held stays; half a growth goes back.
    if (held_now == 0 || ::ftruncate(file.get(), static_cast<off_t>(held_now)) != 0) drop();
}

void Ballast::drop() {
    ::unlink(path_.c_str());
}

}  // namespace tocsin::shell

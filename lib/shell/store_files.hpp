#pragma once
// The files beside the database: the lock that keeps others out, the ballast that gives room.

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.hpp"

namespace tocsin::shell {

/// A file descriptor that closes itself.
class OwnedFile {
public:
    OwnedFile() = default;
    explicit OwnedFile(int descriptor) : descriptor_(descriptor) {}
    OwnedFile(OwnedFile&& other) noexcept;
    OwnedFile& operator=(OwnedFile&& other) noexcept;
    ~OwnedFile();
    [[nodiscard]] int get() const { return descriptor_; }

private:
    int descriptor_ = -1;
};

/// Creates the directory (mode 0700, with its parents) if it is absent.
Status make_data_directory(const std::string& directory);

/// Takes an flock on `path` for as long as the result lives and writes our pid into it; `locked`
/// names the process that has it.
Result<OwnedFile> lock_exclusively(const std::string& path);

/// Creates an empty file with mode 0600 if there is none, so that it survives a power loss.
Status create_private_file(const std::string& path);

/// Space held back for the day the disk is full (reliability: a full SQLite cannot even delete).
class Ballast {
public:
    Ballast(std::string path, std::uint64_t bytes) : path_(std::move(path)), bytes_(bytes) {}
    /// Makes it at least this large from the next `restore` on.
    void grow_to(std::uint64_t bytes);
    /// Fills it up if as much again stays free afterwards; without room it is left out.
    void restore();
    /// Gives its space back.
    void drop();
    /// Bytes on disk now.
    [[nodiscard]] std::uint64_t held() const;

private:
    std::string path_;
    std::uint64_t bytes_;
};

}  // namespace tocsin::shell

#pragma once
// A directory of its own for a test, gone with everything in it when the test ends.

#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace tocsin::support {

class TempDirectory {
public:
    TempDirectory() {
        std::string path = (std::filesystem::temp_directory_path() / "tocsin-XXXXXX").string();
        if (::mkdtemp(path.data()) != nullptr) path_ = path;
    }
    TempDirectory(const TempDirectory&) = delete;
    TempDirectory& operator=(const TempDirectory&) = delete;
    ~TempDirectory() {
        std::error_code ignored;
        if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] std::string path() const { return path_; }
    [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

private:
    std::string path_;
};

}  // namespace tocsin::support

// Whole incidents as texts: each history of this folder is told again and must read the same.

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

#include "support/history_script.hpp"
#include "support/shared_data.hpp"

namespace {

namespace fs = std::filesystem;
using tocsin::support::read_file;

std::vector<fs::path> histories() {
    std::vector<fs::path> found;
    for (const fs::directory_entry& entry : fs::directory_iterator("tests/histories")) {
        if (entry.path().extension() == ".txt") found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace

TEST_CASE("every history is told as it stands in its file") {
    const bool rewrite = std::getenv("TOCSIN_REWRITE_GOLDEN") != nullptr;
    const std::vector<fs::path> files = histories();
    for (const fs::path& path : files) {
        CAPTURE(path.string());
        const std::string written = read_file(path);
        CHECK_MESSAGE(written.starts_with("# "), "the first line says what it tells");
        const std::string told = tocsin::support::tell_again(written, read_file);
        if (rewrite) std::ofstream(path, std::ios::binary) << told;
        CHECK_MESSAGE(read_file(path) == told,
                      "rewrite with TOCSIN_REWRITE_GOLDEN=1, and read what has changed");
    }
    CHECK(files.size() >= 12);
}

TEST_CASE("telling a history once more gives the same text, byte by byte") {
    for (const fs::path& path : histories()) {
        CAPTURE(path.string());
        const std::string once = tocsin::support::tell_again(read_file(path), read_file);
        CHECK(tocsin::support::tell_again(once, read_file) == once);
    }
}

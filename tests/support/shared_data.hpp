#pragma once
// Finds the shared reference data: at $TOCSIN_SHARED, else at ../shared; it is no part of this
// tree.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace tocsin::support {

inline std::filesystem::path shared_data() {
    const char* place = std::getenv("TOCSIN_SHARED");
    return place != nullptr ? place : "../shared";
}

/// The whole file; empty when there is none.
inline std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace tocsin::support

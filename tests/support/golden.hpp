#pragma once
// Golden files: a text that must stay as it is, kept under tests/golden/ for people to read.

#include <cstdlib>
#include <fstream>
#include <string>

#include "support/shared_data.hpp"

namespace tocsin::support {

/// The golden file's text. With TOCSIN_REWRITE_GOLDEN set, it is written from `text` first; the
/// difference then shows in the commit.
inline std::string golden(const std::string& name, const std::string& text) {
    const std::string path = "tests/golden/" + name;
    if (std::getenv("TOCSIN_REWRITE_GOLDEN") != nullptr) std::ofstream(path) << text;
    return read_file(path);
}

}  // namespace tocsin::support

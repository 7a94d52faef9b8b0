// Wrong files and the exact diagnostics they must give: tests/bad/*.yaml beside *.txt.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "config/load.hpp"
#include "support/files_memory.hpp"

namespace tocsin::config {
namespace {

namespace fs = std::filesystem;

std::string slurp(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

/// A whole, sound configuration, one file of which the case replaces.
MemoryFiles sound_files() {
    MemoryFiles files;
    files.files = {{"tocsin.yaml",
                    "data_dir: data\nrules: [rules.yaml]\noncall: oncall.yaml\n"
                    "sources: [{name: us, kind: prometheus, url: 'http://127.0.0.1:9090'}]\n"},
                   {"rules.yaml", "groups: []\n"},
                   {"oncall.yaml", "people: [{name: engineer-a}]\n"},
                   {"secret.txt", "s3cr3t\n"},
                   {"two-lines.txt", "one\ntwo\n"},
                   {"empty.txt", "\n"}};
    return files;
}

std::string file_of(const std::string& stem) {
    if (stem.starts_with("config")) return "tocsin.yaml";
    return stem.starts_with("oncall") ? "oncall.yaml" : "rules.yaml";
}

std::string diagnostics_of(const fs::path& path) {
    MemoryFiles files = sound_files();
    const std::string replaced = file_of(path.stem().string());
    files.files[replaced] = slurp(path);
    const LoadResult result = load("tocsin.yaml", files, from_unix_seconds(1'772'330'400));
    CHECK(result.loaded.has_value() == !result.diagnostics.has_errors());
    std::string out;
    for (const schema::Diagnostic& one : result.diagnostics.sorted()) {
        // The companions' own warnings (nobody is paged) say nothing about the case.
        if (one.file != replaced || (one.at.line == 0 && replaced != "tocsin.yaml")) continue;
        const auto text = result.texts.find(one.file);
        out += schema::render(one, text == result.texts.end() ? "" : text->second);
    }
    return out;
}

TEST_CASE("every wrong file gives exactly the diagnostics beside it") {
    const bool write = std::getenv("TOCSIN_WRITE_GOLDEN") != nullptr;
    int cases = 0;
    for (const fs::directory_entry& entry : fs::directory_iterator("tests/bad")) {
        if (entry.path().extension() != ".yaml") continue;
        fs::path golden = entry.path();
        golden.replace_extension(".txt");
        CAPTURE(entry.path().string());
        const std::string found = diagnostics_of(entry.path());
        if (write) std::ofstream(golden, std::ios::binary) << found;
        CHECK(found == slurp(golden));
        CHECK_FALSE(found.empty());
        CHECK(found.find("s3cr3t") == std::string::npos);
        ++cases;
    }
    CHECK(cases >= 40);
}

}  // namespace
}  // namespace tocsin::config

// link.key: made once, private, kept, and refused with a reason when something is wrong with it.

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

#include "shell/link_key.hpp"
#include "support/shared_data.hpp"
#include "support/temp_directory.hpp"

using namespace tocsin;

namespace {

mode_t mode_of(const std::string& path) {
    struct stat info {};
    REQUIRE(::stat(path.c_str(), &info) == 0);
    return info.st_mode & 0777U;
}

}  // namespace

TEST_CASE("the key is made at the first start, for its owner only, and stays the same") {
    const support::TempDirectory folder;
    const auto first = shell::open_link_key(folder.path());
    REQUIRE(first);
    CHECK(first->warning.empty());
    CHECK(first->secret.reveal().size() == shell::link_key_bytes);
    CHECK(mode_of(folder.file(shell::link_key_file)) == 0600);
    CHECK(support::read_file(folder.file(shell::link_key_file)) == first->secret.reveal());
    CHECK_FALSE(std::filesystem::exists(folder.file("link.key.new")));
    const auto second = shell::open_link_key(folder.path());
    REQUIRE(second);
    CHECK(second->secret.reveal() == first->secret.reveal());
    const support::TempDirectory other;
    CHECK(shell::open_link_key(other.path())->secret.reveal() != first->secret.reveal());
}

TEST_CASE(
    "a key that others may read, that is cut, or that is no file stops the start with a reason") {
    struct Row {
        const char* sentence;
        void (*spoil)(const std::string& path);
        const char* says;
    };
    const std::vector<Row> rows = {
        {"open to the group", [](const std::string& path) { ::chmod(path.c_str(), 0640); },
         "chmod 600"},
        {"open to all", [](const std::string& path) { ::chmod(path.c_str(), 0604); }, "chmod 600"},
        {"cut short", [](const std::string& path) { std::filesystem::resize_file(path, 31); },
         "32 bytes"},
        {"too long", [](const std::string& path) { std::filesystem::resize_file(path, 33); },
         "32 bytes"},
        {"a folder",
         [](const std::string& path) {
             std::filesystem::remove(path);
             std::filesystem::create_directory(path);
         },
         "no file"},
        {"a link to elsewhere",
         [](const std::string& path) {
             std::filesystem::rename(path, path + ".real");
             std::filesystem::create_symlink(path + ".real", path);
         },
         "link.key"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.sentence);
        const support::TempDirectory folder;
        REQUIRE(shell::open_link_key(folder.path()));
        row.spoil(folder.file(shell::link_key_file));
        const auto refused = shell::open_link_key(folder.path());
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == "link_key");
        CHECK(refused.error().message.find(row.says) != std::string::npos);
        CHECK(refused.error().message.find(folder.path()) != std::string::npos);
    }
}

TEST_CASE("a key that cannot be written serves until the end of the process, with a warning") {
    const support::TempDirectory folder;
    // Its name is taken by a folder that is not empty, as a full disk would refuse it.
    std::filesystem::create_directories(folder.file("link.key.new") + "/taken");
    const auto made = shell::open_link_key(folder.path());
    REQUIRE(made);
    CHECK(made->secret.reveal().size() == shell::link_key_bytes);
    CHECK(made->warning.find("until tocsin restarts") != std::string::npos);
}

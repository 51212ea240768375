/// A Python package of the tests' own, `skvm-sample` 1.2.0, for a machine without a network.
package enum SampleWheel {
    /// What `python3 -c` runs to make its wheel in the folder that is its argument.
    package static let program = """
        import sys, zipfile
        name = "skvm_sample-1.2.0"
        with zipfile.ZipFile(sys.argv[1] + "/" + name + "-py3-none-any.whl", "w") as z:
            z.writestr("skvm_sample.py", "value = 1\\n")
            z.writestr(name + ".dist-info/METADATA", "Metadata-Version: 2.1\\nName: skvm-sample\\nVersion: 1.2.0\\n")
            z.writestr(name + ".dist-info/WHEEL", "Wheel-Version: 1.0\\nGenerator: t\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
            z.writestr(name + ".dist-info/RECORD", "skvm_sample.py,,\\n" + name + ".dist-info/METADATA,,\\n" + name + ".dist-info/WHEEL,,\\n" + name + ".dist-info/RECORD,,\\n")
        """
}

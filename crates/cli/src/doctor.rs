use crate::arguments::DoctorArguments;
pub(crate) fn run(_a: &DoctorArguments) -> anyhow::Result<()> {
    Ok(())
}

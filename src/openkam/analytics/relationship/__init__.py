"""Who knows whom, how warmly, how two-way: from mails and meetings to coverage, rapport, the loyalty ladder and the stage."""
